// A session is processed by real runs of a real engine: once, whoever asks and whenever.
import { colorKeep } from '@tidewheel/steps/colors/keep.step';
import { colorRank } from '@tidewheel/steps/colors/rank.step';
import { colorTake } from '@tidewheel/steps/colors/take.step';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../base/ids.ts';
import { type EngineBench, startEngineBench } from '../../../testing/engine-bench.ts';
import { createColorPort } from '../color-port.ts';
import { showDashboard } from '../dashboard/dashboard.service.ts';
import { showDeskFlow, updateDeskFlow } from './desk-flow.ts';
import { type ProcessDeps, processSession } from './process-session.ts';
import { discardSession, type SessionDeps, showSession, startSession } from './sessions.service.ts';

let bench: EngineBench;
let deps: SessionDeps & ProcessDeps;
let flow: string;
let id: string;
/** What a run of the flow waits for before it keeps. */
let gate: Promise<void> = Promise.resolve();

beforeAll(async () => {
  bench = await startEngineBench({
    steps: { 'test.wait': async () => gate.then(() => ({})) },
    types: [colorTake, colorRank, colorKeep],
    colors: createColorPort,
  });
  deps = { databases: bench.databases, tables: bench.tables, starter: bench.runs.starter, queue: bench.engine.queue };
  flow = await bench.apply({
    kind: 'color',
    steps: {
      take: { use: 'color.take' },
      rank: { use: 'color.rank', from: 'take' },
      wait: { use: 'test.wait', after: 'rank' },
      keep: { use: 'color.keep', from: 'rank', after: 'wait' },
    },
  });
});
afterAll(() => bench?.close());

beforeEach(async () => {
  const { workspaceId } = bench.actor;
  const upload = newId();
  const { enginePool: pool } = bench.databases;
  await pool.query(`insert into color_upload (workspace_id, id, kind, title, state, created_by) values ($1, $2, 'paste', 'a', 'ready', 'ann')`, [
    workspaceId,
    upload,
  ]);
  await pool.query(
    `insert into color_buffer (workspace_id, id, upload_id, line, date, cusip, px, sameness) values ($1, $2, $3, 1, '2026-11-20', '037833100', 99, 'x')`,
    [workspaceId, newId(), upload],
  );
  ({ id } = await startSession(deps, bench.actor, { uploads: [upload], sources: [], duplicates: 'leave' }));
});

const process = (seen?: number) => processSession(deps, bench.actor, { id, seen });
const runOf = async (asked: ReturnType<typeof process>) => (await asked).run.id;

describe('processing a session', () => {
  it('is one run for all who ask at once, while it goes on, and after it has ended', async () => {
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    const [run, ...others] = await Promise.all([1, 2, 3].map(() => runOf(process())));
    expect(others).toEqual([run, run]);
    expect(await process(0)).toMatchObject({ session: { state: 'processing', mayEdit: false }, run: { id: run } });
    held.resolve();
    expect(await bench.ended(run ?? '')).toMatchObject({ state: 'succeeded', flow });
    const after = await Promise.all([runOf(process()), runOf(process(0))]);
    expect(after).toEqual([run, run]);
    expect(await showSession(deps, bench.actor, id)).toMatchObject({ state: 'processed', processing: 1, run: { id: run } });
    const { rows } = await bench.databases.enginePool.query('select count(*)::int as runs from run');
    expect(rows).toEqual([{ runs: 1 }]);
  });

  it('goes by the flow of the desk', async () => {
    const other = await bench.apply({
      kind: 'color',
      steps: { take: { use: 'color.take' }, rank: { use: 'color.rank', from: 'take' }, keep: { use: 'color.keep', from: 'rank' } },
    });
    await expect(process()).rejects.toMatchObject({ code: 'color_session.flow', status: 400 });
    const { flows, revision } = await showDeskFlow(deps, bench.actor);
    expect(flows.map(({ slug }) => slug).toSorted()).toEqual([flow, other].toSorted());
    const choose = (slug: string | null, seen: number) => updateDeskFlow(deps, bench.actor, { flow: slug, revision: seen });
    await expect(choose('nobody', revision)).rejects.toMatchObject({ code: 'color_session.flow' });
    const chosen = await choose(other, revision);
    await expect(choose(flow, revision)).rejects.toMatchObject({ code: 'color_desk.changed' });
    expect(await bench.ended(await runOf(process()))).toMatchObject({ flow: other, state: 'succeeded' });
    expect(await choose(flow, chosen.revision)).toMatchObject({ flow });
  });

  it('is refused while nothing would be kept', async () => {
    await bench.databases.enginePool.query('update color_session_row set excluded = true where session_id = $1', [id]);
    await expect(process()).rejects.toMatchObject({ code: 'color_session.nothing_kept', status: 409 });
    expect(await showSession(deps, bench.actor, id)).toMatchObject({ state: 'open', mayEdit: true });
    await discardSession(deps, bench.actor, id);
  });

  it('is shown with how long its run took, be it months, and not since the moment that the run is for', async () => {
    // A regression: a schedule that made up for a moment of weeks ago left a processing with which the dashboard could not be shown any more.
    await discardSession(deps, bench.actor, id);
    const dayMs = 86_400_000;
    const found = await deps.starter.find(bench.actor, flow);
    const frozen = { now: new Date(Date.now() - 40 * dayMs), today: '2026-10-01' };
    const started = await deps.starter.start(bench.actor, { ...found, parameters: {}, now: new Date(), idempotencyKey: null, rerunOf: null, frozen });
    expect(await bench.ended(started.id)).toMatchObject({ state: 'succeeded' });
    const lastTime = async () => (await showDashboard(deps, bench.actor, { days: 1 })).times.at(-1);
    expect((await lastTime())?.ms).toBeLessThan(dayMs);
    await bench.databases.enginePool.query(`update color_processing set started_at = started_at - interval '60 days'`);
    expect((await lastTime())?.ms).toBeGreaterThan(60 * dayMs - 1);
  });

  it('begins anew when a run has failed, and is refused for one that was discarded', async () => {
    gate = Promise.reject(new Error('The host is away.'));
    gate.catch(() => undefined);
    const failed = await runOf(process());
    expect(await bench.ended(failed)).toMatchObject({ state: 'failed' });
    expect(await showSession(deps, bench.actor, id)).toMatchObject({ state: 'open', mayEdit: true });
    await discardSession(deps, bench.actor, id);
    await expect(process()).rejects.toMatchObject({ code: 'color_session.ended', status: 409 });
  });
});
