// What a schedule or a trigger started leads back to it.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../base/ids.ts';
import { type EngineBench, insertFlow, startEngineBench, testStep } from '../../testing/engine-bench.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({ steps: {}, types: [testStep('test.nothing', async () => ({}))] });
  const document = FlowDocument.parse({ flow: 'daily', title: 'Daily', steps: { nothing: { use: 'test.nothing' } } });
  await insertFlow(bench.databases, { workspaceId: bench.actor.workspaceId, document });
});
afterAll(() => bench.close());

it('shows the schedule or trigger that started it, and is found by it', async () => {
  const flow = await bench.runs.starter.find(bench.actor, 'daily');
  const how = { ...flow, parameters: {}, now: new Date(), idempotencyKey: null, rerunOf: null };
  const nightly = { kind: 'schedule' as const, id: newId(), slug: 'nightly', instant: '2026-11-20T22:00:00.000Z' };
  const arrival = { kind: 'trigger' as const, id: newId(), slug: 'nightly', instant: null };
  const scheduled = await bench.runs.starter.start(bench.actor, { ...how, origin: nightly });
  const triggered = await bench.runs.starter.start(bench.actor, { ...how, origin: arrival });
  const byHand = await bench.runs.startRun(bench.actor, { slug: 'daily', parameters: {} });
  expect(scheduled.origin).toEqual(nightly);
  expect((await bench.runs.showRun(bench.actor, scheduled.id)).origin).toEqual(nightly);
  expect((await bench.runs.showRun(bench.actor, triggered.id)).origin).toEqual(arrival);
  expect(byHand.origin).toBeNull();
  const found = async (filter: object) => (await bench.runs.listRuns(bench.actor, { limit: 10, ...filter })).items.map((run) => run.id);
  expect(await found({ schedule: 'nightly' })).toEqual([scheduled.id]);
  expect(await found({ trigger: 'nightly' })).toEqual([triggered.id]);
  expect(await found({ origin: 'person' })).toEqual([byHand.id]);
  expect(await found({ origin: 'schedule' })).toEqual([scheduled.id]);
  expect(await found({ schedule: 'monthly' })).toEqual([]);
});
