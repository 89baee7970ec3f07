// What a run waits for and what holds it back, on real Postgres: each is brought about, then asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StepWhy } from '@tidewheel/contract/routes/run-why';
import { stepTypes } from '@tidewheel/steps/index';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../../testing/engine-bench.ts';
import { limitedActor } from '../../../testing/limited-actor.ts';
import { decide, showApproval } from '../../waits/approvals.service.ts';
import { sendSignal } from '../../waits/signals.service.ts';
import { person } from '../../waits/testing/people.ts';
import { type WhyDependencies, whyOfRun } from './why.service.ts';

let bench: EngineBench;
let deps: WhyDependencies;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.sleep': async (config, ctx) => {
        await sleep(Number(config['ms']), undefined, { signal: ctx.signal });
        return {};
      },
      'test.odd': async (_config, ctx) => {
        if (Number(ctx.evaluate('index')) === 1) throw new InvalidInput('test.odd', 'it is odd');
        return {};
      },
    },
  });
  deps = { databases: bench.databases, queue: bench.engine.queue, types: bench.types };
});
afterAll(() => bench.close());

const why = (run: string) => whyOfRun(deps, bench.actor, run);
async function waiting(id: string, steps: string[]): Promise<StepWhy[]> {
  await bench.until(id, (run) => steps.every((step) => run.steps.find((one) => one.step === step)?.state === 'waiting'));
  return (await why(id)).steps;
}
async function end(...ids: string[]): Promise<void> {
  for (const id of ids) await bench.runs.cancelRun(bench.actor, id);
  for (const id of ids) await bench.ended(id);
}

test('a time, a signal, a callback: until when, and who sends it', async () => {
  const started = await bench.start({
    steps: {
      time: { use: 'flow.sleep', with: { for: '1h' } },
      go: { use: 'flow.signal', with: { name: 'go', within: '2h' } },
      called: { use: 'flow.callback', with: { name: 'done' } },
      after: { use: 'flow.value', after: 'go', with: { value: '1' } },
    },
  });
  const told = await waiting(started.id, ['time', 'go', 'called']);
  const reasons = Object.fromEntries(told.map(({ step, reason }) => [step, reason]));
  expect(reasons['time']).toMatchObject({ code: 'timer', until: expect.any(String), change: { permission: 'run.cancel' } });
  expect(reasons['go']).toMatchObject({
    code: 'signal',
    text: 'It waits for the signal go',
    until: expect.any(String),
    figures: { name: 'go' },
    change: { permission: 'flow.run', you: true },
  });
  expect(reasons['go']?.change?.text).toContain(`tidewheel run signal ${started.number} go`);
  expect(reasons['called']).toMatchObject({ code: 'callback', text: 'It waits for a call to its address that ends with /done', figures: { name: 'done' } });
  expect(reasons['after']).toMatchObject({ code: 'predecessor' });
  expect((await why(started.id)).reason).toMatchObject({ code: expect.stringMatching(/timer|signal|callback/) });
  await end(started.id);
});

test('an approval: of whom, how many have, whether you can, and that nobody is left who could', async () => {
  const place = { databases: bench.databases, workspaceId: bench.actor.workspaceId };
  const [ada, ben] = [await person(place, { name: 'ada', role: 'night' }), await person(place, { name: 'ben', role: 'night' })];
  const started = await bench.start({ steps: { sign: { use: 'approval', with: { approvers: 'role.night', quorum: 2, expires: '8h' } } } });
  const [first] = await waiting(started.id, ['sign']);
  expect(first?.reason).toMatchObject({
    code: 'approval',
    text: 'It waits for the approval of role.night: 0 of 2 given',
    until: expect.any(String),
    figures: { approved: 0, quorum: 2 },
    change: { permission: 'approval.decide', you: false },
  });
  const id = first?.reason?.figures.approval ?? '';
  expect((await whyOfRun(deps, ada, started.id)).steps[0]?.reason?.change).toMatchObject({ you: true });
  const { hash } = await showApproval({ ...deps }, ada, id);
  await decide({ ...deps }, ada, { id, hash, decision: 'approve', comment: '', form: {} });
  expect((await why(started.id)).steps[0]?.reason?.text).toBe('It waits for the approval of role.night: 1 of 2 given');
  expect((await whyOfRun(deps, ada, started.id)).steps[0]?.reason?.change).toMatchObject({ you: false });
  await sql`update identity.membership set suspended_at = now() where user_id = ${ben.userId}`.execute(bench.databases.engine);
  expect((await why(started.id)).steps[0]?.reason?.text).toContain('; nobody can decide');
  await end(started.id);
});

test('runs below: how many have ended, which failed; and what one of them waits for', async () => {
  const started = await bench.start({
    steps: {
      items: {
        use: 'flow.steps',
        each: { over: '[0, 1, 2]', mayFail: 1 },
        steps: { odd: { use: 'test.odd' }, go: { use: 'flow.signal', after: 'odd', with: { name: 'go' } } },
      },
    },
  });
  await bench.until(started.id, (run) => run.steps[0]?.children?.failed === 1);
  const [told] = (await why(started.id)).steps;
  expect(told?.reason).toMatchObject({ code: 'children', figures: { total: 3, ended: 1, failed: 1 } });
  expect(told?.reason?.text).toMatch(/^It waits for the runs below it: 1 of 3 have ended, 1 failed \(run \d+\); 2 go on$/);
  const { rows } = await sql<{ id: string }>`select id from run where parent_id = ${started.id} and item <> 1`.execute(bench.databases.engine);
  const signals = { ...deps, callbacks: { key: Buffer.alloc(32), addressOf: () => '' } };
  for (const { id } of rows) {
    await bench.until(id, (run) => run.steps.find((step) => step.step === 'go')?.state === 'waiting');
    expect((await why(id)).steps).toMatchObject([{ step: 'go', reason: { code: 'signal' } }]);
    await sendSignal(signals, bench.actor, { run: id, name: 'go', data: null });
  }
  expect((await bench.ended(started.id)).state).toBe('succeeded');
});

test('a slot that another run has, by name only to who may see that run; a rate', async () => {
  const limited = { use: 'test.sleep', with: { ms: 60_000 }, limit: { key: 'press', slots: 1 } };
  const first = await bench.start({ steps: { print: limited } });
  await bench.until(first.id, (run) => run.steps[0]?.state === 'running');
  const second = await bench.start({ steps: { print: limited } });
  const [told] = await waiting(second.id, ['print']);
  expect(told?.reason).toMatchObject({
    code: 'slot',
    figures: { keys: ['press'], runs: [{ id: first.id, number: first.number }] },
    change: { permission: 'flow.edit' },
  });
  expect(told?.reason?.text).toContain(`It waits for a free slot of press: held by run ${first.number} step print since `);
  // Came later and goes first.
  const urgent = await bench.runs.startRun(bench.actor, { slug: await bench.apply({ steps: { print: limited } }), parameters: {}, priority: 9 });
  await waiting(urgent.id, ['print']);
  const places = async () => (await Promise.all([second.id, urgent.id].map(why))).map(({ steps }) => steps[0]?.reason?.figures.ahead);
  expect(await places()).toEqual([1, 0]);
  await bench.runs.cancelRun(bench.actor, first.id);
  await bench.until(urgent.id, (run) => run.steps[0]?.state === 'running');
  const other = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['run.read'], where: { flow: [second.flow] } }] });
  const seen = await whyOfRun(deps, other, second.id);
  expect(seen.steps[0]?.reason).toMatchObject({ figures: { runs: [] } });
  expect(seen.steps[0]?.reason?.text).toContain('held by a run that you may not see');
  await end(second.id, urgent.id);

  const rated = { use: 'flow.value', with: { value: '1' }, limit: { key: 'calls', rate: '1/1h' } };
  await bench.ended((await bench.start({ steps: { call: rated } })).id);
  const late = await bench.start({ steps: { call: rated } });
  const [late1] = await waiting(late.id, ['call']);
  expect(late1?.reason).toMatchObject({ code: 'rate', until: expect.any(String), figures: { keys: ['calls'] } });
  await end(late.id);
});

test('held before others of its flow, and which go first; paused, by whom', async () => {
  const slug = await bench.apply({ steps: { slow: { use: 'test.sleep', with: { ms: 60_000 } } }, overlap: { policy: 'queue', most: 1 } });
  const startOne = () => bench.runs.startRun(bench.actor, { slug, parameters: {} });
  const [first, second, third] = [await startOne(), await startOne(), await startOne()];
  expect((await why(third.id)).reason).toMatchObject({ code: 'held', figures: { ahead: 1, runs: [{ id: first.id }] } });
  expect((await why(second.id)).steps[0]?.reason?.text).toBe(`It has not begun: run ${first.number} goes first`);
  await end(third.id, second.id, first.id);

  const parked = await bench.start({
    steps: { go: { use: 'flow.signal', with: { name: 'go' } }, next: { use: 'flow.value', after: 'go', with: { value: '1' } } },
  });
  await waiting(parked.id, ['go']);
  await sql`update run set paused_at = now(), paused_by = 'grace' where id = ${parked.id}`.execute(bench.databases.engine);
  expect(await why(parked.id)).toMatchObject({
    reason: { code: 'paused', by: 'grace' },
    steps: [
      { step: 'go', reason: { code: 'signal' } },
      { step: 'next', reason: { code: 'predecessor' } },
    ],
  });
  await end(parked.id);
});
