// Logs in rows and in the object store, read as one; searched; downloaded; and packed without a loss whatever happens on the way.
import { text } from 'node:stream/consumers';
import type { LogLine } from '@tidewheel/contract/run';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packLogs } from '../../storage/logs/pack-log.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { downloadLog, listLogs, searchLogs } from './run-logs.service.ts';

let bench: EngineBench;
const esc = '\u001b';

beforeAll(async () => {
  bench = await startEngineBench({
    steps: {
      'test.log': async (config, ctx) => {
        const count = Number(config['lines']);
        // A few at a time, so that none is left out.
        for (let line = 1; line <= count; line++) {
          if (line % 2_500 === 0) ctx.log.warn(`careful ${line}`);
          else if (line === Number(config['needle'])) ctx.log.info(`a ${esc}[31mred${esc}[0m Needle\nof two lines`);
          else ctx.log.debug(`line ${line}`);
          if (line % 1_000 === 0) await ctx.once(`after ${line}`, async () => line);
        }
        return {};
      },
    },
  });
});
afterAll(() => bench.close());

const count = async (sql: string, run: string) => Number((await bench.databases.enginePool.query<{ n: number }>(sql, [run])).rows[0]?.n);
const rowsOf = (run: string) => count('select count(*) as n from step_log where run_id = $1', run);
const chunksOf = (run: string) => count('select count(*) as n from log_chunk where run_id = $1', run);
const logOf = async (steps: Record<string, object>) => (await bench.ended((await bench.start({ steps })).id)).id;
const pages = async (run: string, filter: { level?: LogLine['level']; step?: string } = {}, limit = 700): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  for (;;) {
    const page = await listLogs(bench, bench.actor, { run, after: lines.at(-1)?.seq ?? 0, limit, ...filter });
    lines.push(...page);
    if (page.length === 0) return lines;
  }
};

describe('a long log', () => {
  let run: string;
  beforeAll(async () => {
    run = await logOf({ a: { use: 'test.log', with: { lines: 12_000, needle: 11_999 } }, b: { use: 'test.log', after: 'a', with: { lines: 3 } } });
  });

  it('lies in the object store once its run has ended, and is noted no more', async () => {
    await expect.poll(() => rowsOf(run), { timeout: 60_000 }).toBe(0);
    expect(await chunksOf(run)).toBe(3);
    await expect.poll(() => count('select count(*) as n from log_due where run_id = $1', run), { timeout: 60_000 }).toBe(0);
    expect(await count('select count(*) as n from log_chunk c join object o using (workspace_id, sha256) where run_id = $1', run)).toBe(3);
  });

  it('is read page by page without a seam', async () => {
    const lines = await pages(run);
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 12_003 }, (_, n) => n + 1));
    expect(lines[4_999]).toEqual({ run, seq: 5_000, step: 'a', attempt: 1, at: expect.any(String), level: 'warn', text: 'careful 5000' });
    expect(await listLogs(bench, bench.actor, { run, after: 4_998, limit: 3 })).toHaveLength(3);
  });

  it('is filtered by level and step across chunks', async () => {
    expect((await pages(run, { level: 'warn' })).map(({ text: said }) => said)).toEqual([2_500, 5_000, 7_500, 10_000].map((n) => `careful ${n}`));
    expect((await pages(run, { step: 'b' }, 2)).map(({ text: said }) => said)).toEqual(['line 1', 'line 2', 'line 3']);
    expect(await pages(run, { step: 'b', level: 'warn' })).toEqual([]);
  });

  it('is searched in any case, across colours, and on from where the answer before ended', async () => {
    const found = await searchLogs(bench, bench.actor, { run, text: 'RED needle', after: 0, limit: 10, found: 0 });
    expect(found).toMatchObject({ lines: [{ seq: 11_999 }], found: 1, more: false });
    const first = await searchLogs(bench, bench.actor, { run, text: 'careful', after: 0, limit: 3, found: 0 });
    expect(first).toMatchObject({ lines: [{ seq: 2_500 }, { seq: 5_000 }, { seq: 7_500 }], found: 3, next: 7_500, more: true });
    const rest = await searchLogs(bench, bench.actor, { run, text: 'careful', after: first.next, limit: 3, found: first.found });
    expect(rest).toMatchObject({ lines: [{ seq: 10_000 }], found: 4, more: false });
    expect(await searchLogs(bench, bench.actor, { run, text: 'line 2', after: 0, limit: 9, found: 0, step: 'b' })).toMatchObject({ found: 1 });
    expect(await searchLogs(bench, bench.actor, { run, text: '31m', after: 0, limit: 9, found: 0 })).toMatchObject({ found: 0, more: false });
  });

  it('is downloaded whole as text without control characters, and the trail says who did', async () => {
    const download = await downloadLog(bench, bench.actor, run);
    const whole = (await text(download.stream)).split('\n');
    expect(whole).toHaveLength(12_003 + 1 + 1);
    expect(whole[11_998]).toMatch(/^20\d\d-.*Z INFO {2}a a red Needle$/);
    expect(whole[11_999]).toBe('    of two lines');
    expect(download).toMatchObject({ mediaType: 'text/plain; charset=utf-8', fileName: expect.stringMatching(/\.log$/) });
    const said = await count(`select count(*) as n from audit_entry where action = 'log.downloaded' and object_id = $1`, run);
    expect(said).toBe(1);
  });

  it('is nobody else’s to read', async () => {
    const eve = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read'], where: { flow: ['another'] } }] });
    for (const ask of [
      () => listLogs(bench, eve, { run, after: 0, limit: 1 }),
      () => searchLogs(bench, eve, { run, text: 'line', after: 0, limit: 1, found: 0 }),
      () => downloadLog(bench, eve, run),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'run.unknown' });
  });
});

describe('packing', () => {
  it('leaves a short log where it is', async () => {
    const run = await logOf({ a: { use: 'test.log', with: { lines: 1_500 } } });
    await packLogs({ pool: bench.databases.enginePool, objects: bench.objects });
    expect([await rowsOf(run), await chunksOf(run)]).toEqual([1_500, 0]);
  });

  it('by several processes at once packs each line once', async () => {
    const run = await written(11_000);
    const parts = { pool: bench.databases.enginePool, objects: bench.objects };
    await Promise.all([packLogs(parts), packLogs(parts), packLogs(parts)]);
    await expect.poll(() => rowsOf(run), { timeout: 60_000 }).toBeLessThan(5_000);
    expect((await pages(run)).map(({ seq }) => seq)).toEqual(Array.from({ length: 11_000 }, (_, n) => n + 1));
  });

  it('that is cut off before its transaction ends changes nothing, and succeeds later', async () => {
    const run = await written(6_000);
    const { enginePool: pool } = bench.databases;
    const broken = {
      ...bench.objects,
      put: async (workspaceId: string, content: AsyncIterable<Uint8Array>) => {
        await bench.objects.put(workspaceId, content);
        throw new RangeError('the process ends here');
      },
    };
    await packLogs({ pool, objects: broken }).catch(() => undefined);
    expect((await pages(run)).map(({ seq }) => seq)).toEqual(Array.from({ length: 6_000 }, (_, n) => n + 1));
    await expect.poll(() => rowsOf(run), { timeout: 60_000 }).toBe(1_000);
    expect((await pages(run)).at(-1)).toMatchObject({ seq: 6_000 });
  });

  it('takes fewer lines together where they are long', async () => {
    const run = await written(130, 'y'.repeat(100_000));
    expect(await listLogs(bench, bench.actor, { run, after: 0, limit: 5_000 })).toHaveLength(80);
    await bench.databases.enginePool.query('update run set finished_at = now() where id = $1', [run]);
    await expect.poll(() => rowsOf(run), { timeout: 60_000 }).toBe(0);
    expect(await chunksOf(run)).toBe(4);
    expect(await listLogs(bench, bench.actor, { run, after: 0, limit: 5_000 })).toHaveLength(80);
    expect((await pages(run)).map(({ text: said }) => said.length)).toEqual(Array(130).fill(100_000));
  });
});

/** Lines of a run that goes on, written as a commit does. */
async function written(lines: number, said = 'said'): Promise<string> {
  const run = (await bench.start({ steps: { a: { use: 'test.log', with: { lines: 0 } } } })).id;
  await bench.ended(run);
  const pool = bench.databases.enginePool;
  await pool.query('update run set finished_at = null, log_seq = $2 where id = $1', [run, lines]);
  await pool.query(
    `insert into step_log (workspace_id, run_id, seq, step_id, attempt, at, level, text)
     select workspace_id, id, n, 'a', 1, now(), 'info', $3 from run, generate_series(1, $2::int) as n where id = $1`,
    [run, lines, said],
  );
  await pool.query('insert into log_due (workspace_id, run_id) select workspace_id, id from run where id = $1', [run]);
  return run;
}
