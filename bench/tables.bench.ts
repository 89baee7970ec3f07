// npm run bench tables: demo one on the warm pool beside hand-written DuckDB, the price of counting, and 10 million rows under a small memory limit.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '../packages/server/src/base/logger.ts';
import { createTableEngine } from '../packages/server/src/storage/tables/create-table-engine.ts';
import type { SqlParameter, TableEngine, TableJobNode } from '../packages/server/src/storage/tables/table-engine.ts';
import { type BenchResult, report } from './report.ts';
import { flightFiles, flightNodes, handWritten } from './tables/flight-nodes.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const log = createLogger({ role: 'bench', level: 'error' });
const scratch = await mkdtemp(path.join(tmpdir(), 'tidewheel-bench-'));
let folders = 0;

async function newFolder(): Promise<string> {
  const folder = path.join(scratch, String(++folders));
  await mkdir(folder);
  return folder;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function runNodes(engine: TableEngine, nodes: TableJobNode[], parameters: Record<string, SqlParameter> = {}) {
  const folder = await newFolder();
  const start = performance.now();
  const result = await engine.run(
    { nodes, parameters, now: new Date(), today: '2026-01-01', timeZone: 'UTC', folder },
    { signal: new AbortController().signal },
  );
  return { ms: performance.now() - start, result, folder };
}

async function warmPeer(): Promise<ChildProcess> {
  const peer = fork(path.join(import.meta.dirname, 'tables/warm-process.ts'), [String(availableParallelism()), '1GB']);
  await once(peer, 'message');
  return peer;
}

async function runPeer(peer: ChildProcess, sql: string): Promise<number> {
  const start = performance.now();
  peer.send(sql);
  const [answer] = (await once(peer, 'message')) as [{ ms?: number; error?: string }];
  if (answer.error) throw new RangeError(answer.error);
  return performance.now() - start;
}

async function sameValues(ours: Record<string, string>, theirs: string): Promise<void> {
  for (const name of flightFiles) {
    const [left, right] = await Promise.all([readFile(ours[name] ?? '', 'utf8'), readFile(path.join(theirs, name), 'utf8')]);
    if (left !== right) throw new RangeError(`${name}: the pool and the hand-written SQL disagree`);
  }
}

/** Demo one, in turns with the peer so that a busy machine slows both. */
async function demoOne(): Promise<BenchResult[]> {
  const engine = createTableEngine({ processes: 1, memoryLimit: '1GB', scratch, log });
  const peer = await warmPeer();
  const { nodes, parameters } = await flightNodes();
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = -2; round < rounds; round++) {
      const folder = await newFolder();
      const peerMs = await runPeer(peer, handWritten(folder));
      const { ms, result } = await runNodes(engine, nodes, parameters);
      if (round === -2)
        await sameValues(Object.fromEntries(Object.values(result.nodes).flatMap(({ file }) => (file ? [[path.basename(file.path), file.path]] : []))), folder);
      if (round < 0) continue;
      ours.push(ms);
      theirs.push(peerMs);
    }
  } finally {
    peer.kill();
    await engine.close();
  }
  const ratio = median(ours.map((ms, i) => ms / (theirs[i] ?? ms)));
  return [{ name: 'flights, 3M rows, warm pool', value: median(ours), unit: 'ms', limit: median(theirs), ratio, goal: 1.3, met: ratio <= 1.3 }];
}

/**
 * A filter in front of a join: the aggregate counts what the join gave, but nobody counts what the filter let through, so one more statement has to.
 * Demo one itself pays nothing: all its counts come from metadata, from groups or from what was written.
 */
async function countingPrice(): Promise<BenchResult[]> {
  const engine = createTableEngine({ processes: 1, memoryLimit: '1GB', scratch, log });
  const { nodes: all, parameters } = await flightNodes();
  const from = (input: string) => ({ input: { node: input } });
  const nodes: TableJobNode[] = [
    ...all.filter(({ node }) => node.op === 'read'),
    { id: 'late', node: { op: 'filter', where: 'delay > :lateAfter', onRowError: 'fail' }, inputs: from('flights'), keep: false },
    {
      id: 'places',
      node: { op: 'join', how: 'inner', on: [{ left: 'origin', right: 'iata' }] },
      inputs: { left: { node: 'late' }, right: { node: 'airports' } },
      keep: false,
    },
    { id: 'states', node: { op: 'aggregate', by: ['state'], aggregates: [{ as: 'flights', function: 'count' }] }, inputs: from('places'), keep: false },
  ];
  try {
    const whole: number[] = [];
    const counting: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const { result } = await runNodes(engine, nodes, parameters);
      if (round < 0) continue;
      whole.push(result.ms);
      counting.push(result.countingMs);
    }
    return [
      {
        name: 'price of counting, of the whole job',
        value: median(counting),
        unit: 'ms',
        limit: median(whole),
        ratio: median(counting) / median(whole),
        goal: null,
        met: null,
      },
    ];
  } finally {
    await engine.close();
  }
}

async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** 10 million rows, wide enough not to fit: joined, grouped and sorted under a limit of 512 MB. */
async function tenMillion(): Promise<BenchResult[]> {
  const peer = await warmPeer();
  const folder = await newFolder();
  await runPeer(
    peer,
    `SELECT setseed(0.42); COPY (SELECT i AS id, hash(i) % 1000000 AS account, 'reference ' || hash(i * 7) AS reference, (hash(i * 3) % 100000000)::DECIMAL(18,2) / 100 AS amount, DATE '2026-01-01' + (i % 365)::INT AS day FROM range(10000000) r(i)) TO '${folder}/trades.parquet' (FORMAT parquet);
     COPY (SELECT i AS account, 'account ' || i AS name, i % 50 AS region FROM range(1000000) r(i)) TO '${folder}/accounts.parquet' (FORMAT parquet)`,
  );
  peer.kill();
  const engine = createTableEngine({ processes: 1, memoryLimit: '512MB', scratch, log });
  const stored = (id: string): TableJobNode => ({
    id,
    node: { op: 'read', format: 'parquet', onRowError: 'fail' },
    inputs: { input: { stored: { path: `${folder}/${id}.parquet`, format: 'parquet' } } },
    keep: false,
  });
  const from = (input: string) => ({ input: { node: input } });
  const nodes: TableJobNode[] = [
    stored('trades'),
    stored('accounts'),
    {
      id: 'joined',
      node: { op: 'join', how: 'inner', on: [{ left: 'account', right: 'account' }] },
      inputs: { left: { node: 'trades' }, right: { node: 'accounts' } },
      keep: false,
    },
    {
      id: 'totals',
      node: {
        op: 'aggregate',
        by: ['account', 'name'],
        aggregates: [
          { as: 'trades', function: 'count' },
          { as: 'amount', function: 'sum', of: 'amount' },
        ],
      },
      inputs: from('joined'),
      keep: false,
    },
    {
      id: 'totalsFile',
      node: { op: 'write', format: 'csv', name: 'totals.csv', orderBy: [{ column: 'amount', direction: 'desc' }] },
      inputs: from('totals'),
      keep: false,
    },
    { id: 'sorted', node: { op: 'sort', keys: [{ column: 'amount', direction: 'desc' }] }, inputs: from('joined'), keep: false },
    { id: 'sortedFile', node: { op: 'write', format: 'parquet', name: 'sorted.parquet' }, inputs: from('sorted'), keep: false },
  ];
  try {
    const { ms, result } = await runNodes(engine, nodes);
    const rows = result.nodes.sortedFile?.file?.rows;
    if (rows !== 10_000_000) throw new RangeError(`10,000,000 rows went in, ${rows} came out`);
    const peak = await peakMegabytes(engine.processIds()[0] ?? 0);
    return [
      { name: '10M rows under 512 MB, peak RSS', value: peak, unit: 'MB', limit: 1024, ratio: peak / 1024, goal: 1024, met: peak < 1024 },
      { name: '10M rows under 512 MB, time', value: ms, unit: 'ms', limit: null, ratio: null, goal: null, met: null },
    ];
  } finally {
    await engine.close();
  }
}

try {
  report({ bench: 'tables', results: [...(await demoOne()), ...(await countingPrice()), ...(await tenMillion())] });
} finally {
  await rm(scratch, { recursive: true, force: true });
}
