// The engine as a whole: what runs where, what a job may touch, and what happens when a process or the machine gives out.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { read, step, type TableHarness, tableHarness, textOf, write } from './testing/table-harness.ts';

let tables: TableHarness;
let numbers: string;

beforeAll(async () => {
  tables = await tableHarness();
  numbers = await tables.file(
    'numbers.csv',
    `id,name,amount\n${Array.from({ length: 2_000 }, (_, i) => `${i},name ${i % 7},${(i * 37) % 1_000}.5`).join('\n')}\n`,
  );
});
afterAll(() => tables.close());

const sql = (text: string) => step('q', 'raw', { op: 'sql', sql: text });
/** Keeps a process busy until it is stopped. */
const endless = 'SELECT count(*) AS n FROM range(1000000) a(i), range(1000000) b(j) WHERE (i * j) % 7 = 3';

describe('processes', () => {
  test('user SQL gets a process that is thrown away afterwards, other jobs share one', async () => {
    const before = tables.engine.processIds();
    await tables.run([read('raw', numbers)]);
    expect(tables.engine.processIds()).toEqual(before);
    await tables.run([read('raw', numbers), sql('SELECT max(id) AS m FROM input')]);
    expect(tables.engine.processIds()).not.toEqual(before);
  });

  test('the environment of the server does not reach it', async () => {
    await tables.run([read('raw', numbers)]);
    const environment = readFileSync(`/proc/${tables.engine.processIds()[0]}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split('=')[0]);
    expect(environment.filter((name) => name !== '').toSorted()).toEqual(expect.arrayContaining(['PATH', 'TZ']));
    for (const name of Object.keys(process.env)) if (/VITEST|DATABASE|KEY|SECRET|TIDEWHEEL/.test(name)) expect(environment).not.toContain(name);
  });

  test('a signal kills the job and the next one runs', async () => {
    const stop = new AbortController();
    const [pid] = tables.engine.processIds();
    const running = tables.run([read('raw', numbers), sql(endless)], { signal: stop.signal });
    const outcome = expect(running).rejects.toMatchObject({ code: 'table.stopped', status: 504, details: { step: 'q' } });
    expect(await busyProcess()).toBe(pid);
    stop.abort();
    await outcome;
    await expect.poll(() => isAlive(pid ?? 0)).toBe(false);
    expect((await tables.run([read('raw', numbers)])).nodes.raw?.counts.rowsOut).toBe(2_000);
  });

  test('a long statement says how far it is', async () => {
    const many = await tables.file('many.csv', `id\n${Array.from({ length: 1_000_000 }, (_, i) => i).join('\n')}\n`);
    const stop = new AbortController();
    const told: { step: string; percent: number | null }[] = [];
    const progress = (done: (typeof told)[number]) => {
      if (done.step !== 'q' || done.percent === null || done.percent === 0) return;
      told.push(done);
      stop.abort();
    };
    const running = tables.run([read('raw', many), sql(`SELECT max(sha256(repeat(id::varchar, 300))) AS m FROM input`)], { signal: stop.signal, progress });
    await expect(running).rejects.toMatchObject({ code: 'table.stopped' });
    expect(told[0]?.percent).toBeGreaterThan(0);
    expect(told[0]?.percent).toBeLessThan(100);
  });

  test('a job whose process dies fails as retryable', async () => {
    const stop = new AbortController();
    const running = tables.run([read('raw', numbers), sql(endless)], { signal: stop.signal });
    const outcome = expect(running).rejects.toMatchObject({ code: 'table.process_died', retryable: true, details: { step: 'q' } });
    try {
      process.kill(await busyProcess(), 'SIGKILL');
      await outcome;
    } finally {
      // Else a query without end would keep the machine from all that follows.
      stop.abort();
    }
    expect((await tables.run([read('raw', numbers)])).nodes.raw?.counts.rowsOut).toBe(2_000);
  });

  test('waiting for a process ends with the signal', async () => {
    const first = new AbortController();
    const running = tables.run([read('raw', numbers), sql(endless)], { signal: first.signal }).catch(() => 'stopped');
    try {
      await busyProcess();
      const second = new AbortController();
      const waiting = tables.run([read('raw', numbers)], { signal: second.signal });
      setTimeout(() => second.abort(), 50);
      await expect(waiting).rejects.toMatchObject({ code: 'table.stopped' });
    } finally {
      first.abort();
    }
    expect(await running).toBe('stopped');
  });
});

test('when the server is killed, its table processes go too', async () => {
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'testing/hold.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const { pids, folder } = JSON.parse(line.toString()) as { pids: number[]; folder: string };
  try {
    expect(pids.length).toBeGreaterThanOrEqual(2);
    expect(pids.every(isAlive)).toBe(true);
    server.kill('SIGKILL');
    await expect.poll(() => pids.some(isAlive)).toBe(false);
  } finally {
    server.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

/** The table process that has computed for a second, which is more than starting takes: the endless query runs there, however slow the machine is. */
async function busyProcess(): Promise<number> {
  const at = new Map<number, number>();
  return vi.waitUntil(
    () =>
      tables.engine.processIds().find((pid) => {
        const ticks = ticksOf(pid);
        if (!at.has(pid)) at.set(pid, ticks);
        return ticks - (at.get(pid) ?? 0) > 100;
      }),
    { timeout: 45_000, interval: 50 },
  );
}

/** User and system time in hundredths of a second: proc(5), fields 14 and 15 of stat. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
  } catch {
    return false;
  }
}

describe('limits', () => {
  test('memory: a clear error, and the engine lives on', async () => {
    const small = await tableHarness({ memoryLimit: '64MB', spillLimit: '1GB' });
    try {
      const file = await small.file('n.csv', 'a\n1\n');
      const greedy = step('q', 'raw', {
        op: 'sql',
        sql: "SELECT list(i::VARCHAR || 'some longer text that takes memory') AS l FROM range(20000000) t(i), input",
      });
      await expect(small.run([read('raw', file), greedy])).rejects.toMatchObject({
        code: expect.stringMatching(/^table\.(memory|spill_limit)$/),
        details: { step: 'q' },
        hint: expect.stringContaining('TIDEWHEEL_TABLE_MEMORY'),
      });
      const own = { code: 'table.memory', hint: expect.stringContaining('`resources.memory` of the step, now 32MB') };
      await expect(small.run([read('raw', file), greedy], { memory: '32MB' })).rejects.toMatchObject(own);
      expect((await small.run([read('raw', file)])).nodes.raw?.counts.rowsOut).toBe(1);
    } finally {
      await small.close();
    }
  });

  test('disk for intermediate results: a clear error', async () => {
    const small = await tableHarness({ memoryLimit: '64MB', spillLimit: '10MB' });
    try {
      const file = await small.file('n.csv', 'a\n1\n');
      const large = step('q', 'raw', { op: 'sql', sql: 'SELECT i, hash(i) AS h, md5(i::VARCHAR) AS m FROM range(2000000) t(i), input ORDER BY m' });
      await expect(small.run([read('raw', file), large])).rejects.toMatchObject({
        code: expect.stringMatching(/^table\.(memory|spill_limit)$/),
        details: { step: 'q' },
      });
    } finally {
      await small.close();
    }
  });

  test.skipIf(process.getuid?.() !== 0)('a full disk says so', async () => {
    const { execFileSync } = await import('node:child_process');
    const folder = path.join(tables.folder, 'tiny');
    await mkdir(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    } catch {
      return;
    }
    try {
      const job = {
        nodes: [
          read('raw', numbers),
          step('q', 'raw', { op: 'sql', sql: 'SELECT i, md5(i::VARCHAR) AS m FROM range(500000) t(i), (SELECT 1 FROM input LIMIT 1)' }),
          write('w', 'q', 'big.csv'),
        ],
        parameters: {},
        now: new Date(),
        today: '2026-01-01',
        timeZone: 'UTC',
        folder,
      };
      await expect(tables.engine.run(job, { signal: new AbortController().signal })).rejects.toMatchObject({
        code: 'table.disk_full',
        retryable: true,
        details: { step: 'w' },
      });
    } finally {
      execFileSync('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('lock-down', () => {
  test.each([
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM input, (SELECT content FROM read_blob('/proc/self/environ'))",
    "SELECT getenv('PATH') FROM input",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM sqlite_master',
    'SELECT * FROM "~raw"',
    'SELECT * FROM main."~raw"',
    "SELECT * FROM query_table('input')",
    'SELECT 1) UNION ALL (SELECT 2 FROM input',
    'SELECT 1; SELECT 2',
  ])('%s', async (text) => {
    await expect(tables.run([read('raw', numbers), sql(text)])).rejects.toMatchObject({ status: 400, details: { step: 'q' } });
  });

  test('after a job nothing of it is left but its outputs', async () => {
    const { folder } = await tables.run([read('raw', numbers, {}, true), write('w', 'raw', 'out.csv')]);
    expect(readdirSync(folder).toSorted()).toEqual(['raw.parquet', 'w.out']);
  });
});

describe('the same bytes each time', () => {
  test('as CSV, JSON and Parquet', async () => {
    const source = await tables.file(
      'floats.csv',
      `k,v\n${Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 1_000},${Math.sin(i) * 1e6}`).join('\n')}\n`,
    );
    const once = async () => {
      const result = await tables.run([
        read('raw', source),
        step('g', 'raw', {
          op: 'aggregate',
          by: ['k'],
          aggregates: (['sum', 'avg', 'first', 'median'] as const).map((name) => ({ as: name, function: name, of: 'v' })),
        }),
        step('j', { left: 'raw', right: 'g' }, { op: 'join', how: 'inner', on: [{ left: 'k', right: 'k' }] }),
        step('d', 'j', { op: 'dedupe', by: ['k'], keep: [] }),
        write('deduped', 'd', 'deduped.csv'),
        write('lines', 'd', 'lines.json', { json: { lines: true } }),
        write('all', 'j', 'all.parquet'),
      ]);
      return ['deduped', 'lines', 'all'].map((id) =>
        createHash('sha256')
          .update(readFileSync(result.nodes[id]?.file?.path ?? ''))
          .digest('hex'),
      );
    };
    expect(await once()).toEqual(await once());
  });

  test('sums of floats are exact', async () => {
    const source = await tables.file('exact.csv', 'v\n0.1\n0.2\n0.3\n1e10\n-1e10\n1e-12\n');
    const big = await tables.file('big.csv', 'v\n1e15\n0.5\n-1e15\n1e20\n-1e20\n');
    for (const [file, expected] of [
      [source, 0.600000000001],
      [big, 0.5],
    ] as const) {
      const result = await tables.run([
        read('raw', file, { csv: { types: { v: 'DOUBLE' } } }),
        step('g', 'raw', { op: 'aggregate', by: [], aggregates: [{ as: 's', function: 'sum', of: 'v' }] }),
      ]);
      expect(result.nodes.g?.preview.rows[0]?.[0]).toBeCloseTo(expected, 14);
    }
  });
});

describe('reading back', () => {
  test('pages, rows, chosen columns, and values as the kit promises', async () => {
    const file = await tables.file(
      'types.json',
      '{"i":1,"big":9007199254740993,"d":"2026-01-02","t":"2026-01-02 03:04:05.5","s":"x","b":true,"l":[1,2],"o":{"a":null},"f":1.5,"n":null}\n',
    );
    const made = await tables.run([
      read('raw', file),
      step(
        'typed',
        'raw',
        {
          op: 'derive',
          columns: { dec: 'CAST(f AS DECIMAL(18,3))', tz: "t AT TIME ZONE 'Europe/Berlin'", huge: 'CAST(big AS HUGEINT) * 1000' },
          onRowError: 'reject',
        },
        true,
      ),
    ]);
    const [row] = await tables.rows(made.nodes.typed?.table?.path);
    expect(row).toEqual({
      i: '1',
      big: '9007199254740993',
      d: '2026-01-02',
      t: '2026-01-02T03:04:05.5',
      s: 'x',
      b: true,
      l: ['1', '2'],
      o: { a: null },
      f: 1.5,
      n: null,
      dec: '1.500',
      tz: '2026-01-02T02:04:05.5Z',
      huge: '9007199254740993000',
    });
    expect(made.nodes.typed?.table?.columns.at(-1)).toEqual({ name: 'huge', type: 'DECIMAL(38,0)' });
  });

  test('many streams at once, each with its own pace, none waits for a job', async () => {
    const made = await tables.run([read('raw', numbers, {}, true)]);
    const file = made.nodes.raw?.table?.path ?? '';
    const stop = new AbortController();
    const busy = tables.run([read('raw', numbers), sql(endless)], { signal: stop.signal }).catch(() => undefined);
    const lengths = await Promise.all(
      Array.from({ length: 5 }, async () => {
        let rows = 0;
        for await (const batch of tables.engine.rows(file, { columns: ['id'], batch: 300 })) {
          expect(batch.length).toBeLessThanOrEqual(300);
          rows += batch.length;
        }
        return rows;
      }),
    );
    expect(lengths).toEqual([2_000, 2_000, 2_000, 2_000, 2_000]);
    const page = await tables.engine.page(file, { offset: 1_990, limit: 50 });
    expect([page.total, page.rows.length, page.rows[0]?.[0], page.truncated]).toEqual([2_000, 10, '1990', false]);
    stop.abort();
    await busy;
  });

  test('a stream given up early leaves nothing open; a missing table says so', async () => {
    const made = await tables.run([read('raw', numbers, {}, true)]);
    for await (const batch of tables.engine.rows(made.nodes.raw?.table?.path ?? '', { batch: 10 })) {
      expect(batch).toHaveLength(10);
      break;
    }
    await expect(tables.rows(path.join(tables.folder, 'gone.parquet'))).rejects.toMatchObject({ code: 'table.missing' });
    await expect(async () => {
      for await (const _ of tables.engine.rows(made.nodes.raw?.table?.path ?? '', { columns: ['nmae'] })) expect.unreachable();
    }).rejects.toMatchObject({ code: 'table.unknown_column' });
  });
});

describe('rows that fail', () => {
  test('a derived column nobody uses still rejects its bad rows', async () => {
    const file = await tables.file('unused.csv', 'id,n\n1,5\n2,x\n3,7\n');
    const result = await tables.run([
      read('raw', file, { csv: { types: { n: 'VARCHAR' } } }),
      step('d', 'raw', { op: 'derive', columns: { number: 'CAST(n AS INTEGER)' }, onRowError: 'reject' }),
      step('g', 'd', { op: 'aggregate', by: [], aggregates: [{ as: 'rows', function: 'count' }] }),
    ]);
    expect(result.nodes.d?.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 0, rejected: 1 });
    expect(result.nodes.g?.preview.rows).toEqual([['2']]);
  });

  test('a condition that fails on a row rejects it; empty drops it', async () => {
    const file = await tables.file('cond.csv', 'id,n\n1,5\n2,x\n3,\n4,1\n');
    const result = await tables.run([
      read('raw', file, { csv: { types: { n: 'VARCHAR' } } }),
      step('f', 'raw', { op: 'filter', where: 'CAST(n AS INTEGER) > 2', onRowError: 'reject' }),
      write('w', 'f', 'w.csv'),
    ]);
    expect(result.nodes.f?.counts).toEqual({ rowsIn: 4, rowsOut: 1, dropped: 2, rejected: 1 });
    expect(await textOf(result, 'w')).toBe('id,n\n1,5\n');
  });

  test('fail names the first row', async () => {
    const file = await tables.file('failing.csv', 'id,n\n1,5\n2,x\n');
    const run = tables.run([
      read('raw', file, { csv: { types: { n: 'VARCHAR' } } }),
      step('d', 'raw', { op: 'derive', columns: { m: 'CAST(n AS INTEGER)' }, onRowError: 'fail' }),
    ]);
    await expect(run).rejects.toMatchObject({
      code: 'table.row_error',
      message: expect.stringMatching(/Step d: 1 row failed; the first: m: .* failed for n = x/),
      details: { step: 'd', rows: 1, firstRow: { id: '2', n: 'x' } },
    });
  });

  test('a check that stops ends the job with all outcomes, and writes nothing', async () => {
    const result = await tables.run([
      read('raw', numbers),
      step('c', 'raw', {
        op: 'checks',
        checks: [
          { name: 'small', severity: 'stop', expect: 'id < 1990', message: 'too large' },
          { name: 'named', severity: 'warn', expect: 'name IS NOT NULL' },
        ],
      }),
      write('w', 'c', 'w.csv'),
    ]);
    expect(result.stopped).toMatchObject({
      step: 'c',
      error: { code: 'check.stopped', message: expect.stringMatching(/"small" \(10 rows\): too large/), retryable: false },
      checks: [
        { name: 'small', outcome: 'stopped', failedRows: 10 },
        { name: 'named', outcome: 'passed' },
      ],
    });
    expect(Object.keys(result.nodes)).toEqual(['raw']);
    expect(await readdir(result.folder)).toEqual([]);
  });

  test('what was computed before a check that stops keeps its counts, rejected rows and preview', async () => {
    const file = await tables.file('stopping.csv', 'id,n\n1,5\n2\n3,x\n4,0\n5,7\n');
    const result = await tables.run([
      read('raw', file, { csv: { types: { n: 'VARCHAR' } } }, true),
      step('number', 'raw', { op: 'derive', columns: { m: 'CAST(n AS INTEGER)' }, onRowError: 'reject' }),
      // Beside the check: what is stored was computed, and so was what it read; files are written last.
      step('idle', 'raw', { op: 'filter', where: 'id > 1', onRowError: 'reject' }),
      step('sorted', 'idle', { op: 'sort', keys: [{ column: 'id', direction: 'desc' }] }, true),
      write('file', 'raw', 'raw.csv'),
      step('narrow', 'number', { op: 'select', columns: [{ column: 'id' }], onRowError: 'reject' }),
      step('check', 'narrow', { op: 'checks', checks: [{ name: 'low', severity: 'stop', expect: 'id < 5' }] }, true),
      step('after', 'check', { op: 'limit', rows: 1 }),
    ]);
    expect(result.stopped).toMatchObject({ step: 'check', checks: [{ failedRows: 1, sample: [{ id: '5' }] }] });
    expect(Object.entries(result.nodes).map(([id, { counts, preview }]) => [id, counts, preview.rows.length])).toEqual([
      ['raw', { rowsIn: 5, rowsOut: 4, dropped: 0, rejected: 1 }, 4],
      ['number', { rowsIn: 4, rowsOut: 3, dropped: 0, rejected: 1 }, 3],
      ['idle', { rowsIn: 4, rowsOut: 3, dropped: 1, rejected: 0 }, 3],
      ['sorted', { rowsIn: 3, rowsOut: 3, dropped: 0, rejected: 0 }, 3],
      ['narrow', { rowsIn: 3, rowsOut: 3, dropped: 0, rejected: 0 }, 3],
    ]);
    expect(await tables.rows(result.nodes['raw']?.rejected?.path)).toMatchObject([{ _raw: '2', _step: 'raw' }]);
    expect(await tables.rows(result.nodes['number']?.rejected?.path)).toMatchObject([{ id: '3', _step: 'number' }]);
    expect(await tables.rows(result.nodes['raw']?.table?.path)).toHaveLength(4);
  });

  test('a branch that nobody had computed when a check stopped the job has no result', async () => {
    const result = await tables.run([
      read('raw', numbers),
      step('idle', 'raw', { op: 'filter', where: 'id > 1', onRowError: 'reject' }),
      step('check', 'raw', { op: 'checks', checks: [{ name: 'never', severity: 'stop', expect: 'false' }] }),
    ]);
    expect(Object.keys(result.nodes)).toEqual(['raw']);
  });

  test('a quarantining query names its rows by _row', async () => {
    const file = await tables.file('dup.csv', 'id,v\n1,a\n2,b\n1,c\n');
    const good = {
      name: 'unique',
      severity: 'quarantine' as const,
      query: 'SELECT * FROM input QUALIFY row_number() OVER (PARTITION BY id ORDER BY _row) > 1',
    };
    const result = await tables.run([read('raw', file), step('c', 'raw', { op: 'checks', checks: [good] }, true)]);
    expect(await tables.rows(result.nodes.c?.rejected?.path)).toEqual([{ id: '1', v: 'c', _step: 'c', _reason: 'unique' }]);
    expect((await tables.rows(result.nodes.c?.table?.path)).map((row) => row.v)).toEqual(['a', 'b']);
    await expect(
      tables.run([read('raw', file), step('c', 'raw', { op: 'checks', checks: [{ ...good, query: 'SELECT id FROM input' }] })]),
    ).rejects.toMatchObject({ code: 'check.query_rows' });
  });
});

test('outputs are where the result says, and as large', async () => {
  const result = await tables.run([read('raw', numbers, {}, true), write('w', 'raw', 'übung {1}.csv')]);
  expect(statSync(result.nodes.raw?.table?.path ?? '').size).toBe(result.nodes.raw?.table?.bytes);
  expect(path.basename(result.nodes.w?.file?.path ?? '')).toBe('übung {1}.csv');
  expect((await readFile(result.nodes.w?.file?.path ?? '', 'utf8')).split('\n')).toHaveLength(2_002);
});
