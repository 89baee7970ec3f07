// Triggers on the end of other flows: each end fires once, in whichever process, and a circle ends.

import type { TriggerAction, TriggerChoice } from '@tidewheel/contract/routes/triggers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCalendar, showUsage } from '../../platform/calendars/calendars.service.ts';
import { type Limits, limitedActor } from '../../testing/limited-actor.ts';
import { changeTriggers } from './bulk.ts';
import { triggersOfCalendar } from './calendar-uses.ts';
import { fireForEnded } from './ended-runs.ts';
import { startTriggerBench, type TriggerBench } from './testing/trigger-bench.ts';
import { listEvents } from './trigger-history.service.ts';
import { testTrigger } from './trigger-test.service.ts';
import { createTrigger, listTriggers, pauseTrigger, resumeTrigger, showTrigger } from './triggers.service.ts';

let bench: TriggerBench;
beforeAll(async () => {
  bench = await startTriggerBench();
});
afterAll(() => bench.close());

const parameters = { n: { type: 'integer' } };
const source = () =>
  bench.apply({
    parameters,
    steps: { check: { use: 'flow.fail', when: 'n < 0', with: { message: 'below zero' } }, n: { use: 'flow.value', with: { value: 'n' } } },
    outputs: { n: { value: 'steps.n.value' } },
  });
const target = () => bench.apply({ parameters, steps: { n: { use: 'flow.value', with: { value: 'n' } } } });
async function ran(slug: string, n: number) {
  const { id } = await bench.runs.startRun(bench.actor, { slug, parameters: { n } });
  return bench.ended(id);
}
const fireAll = () => Promise.all([fireForEnded(bench.deps), fireForEnded(bench.deps)]);

test('each end that fits fires once, with what the run gave, also when two look at once', async () => {
  const [from, to] = [await source(), await target()];
  const slug = await bench.make({
    kind: 'flow',
    flow: to,
    config: { flows: [from] },
    parameters: { n: 'event.run.output.n + 1' },
    condition: 'event.run.output.n > 1',
  });
  for (const n of [1, 2, 3, -1]) await ran(from, n);
  await fireAll();
  await fireAll();
  const events = await bench.history(slug);
  expect(events.map(({ state }) => state).sort()).toEqual(['fired', 'fired', 'unmet']);
  const runs = await Promise.all(events.flatMap(({ run }) => (run ? [bench.ended(run.id)] : [])));
  expect(runs.map((run) => run.parameters['n']).sort()).toEqual([3, 4]);
  expect(runs[0]).toMatchObject({ state: 'succeeded', origin: { kind: 'trigger', slug } });
  expect(await testTrigger(bench.deps, bench.actor, { slug, signal: new AbortController().signal })).toMatchObject({
    ok: true,
    summary: expect.stringMatching(/^Run \d+ of .* succeeded: that would have fired it/),
  });
});

test('outcomes are chosen; while it is paused nothing is gathered', async () => {
  const [from, to] = [await source(), await target()];
  const slug = await bench.make({ kind: 'flow', flow: to, config: { flows: [from], outcomes: ['failed'] }, parameters: { n: 'event.run.number' } });
  await ran(from, 1);
  await ran(from, -1);
  await pauseTrigger(bench.deps, bench.actor, slug);
  await ran(from, -1);
  await resumeTrigger(bench.deps, bench.actor, slug);
  await fireAll();
  // What ended before it was paused, and was not seen to yet, counts.
  expect(await bench.history(slug)).toMatchObject([{ state: 'fired', event: { run: { state: 'failed', error: { code: expect.any(String) } } } }]);
});

test('a flow cannot wait for itself, and a circle of two ends after sixteen', async () => {
  const [one, other] = [await source(), await source()];
  await expect(bench.make({ kind: 'flow', flow: one, config: { flows: [one] }, parameters: { n: '1' } })).rejects.toMatchObject({
    details: { faults: [{ path: 'config.flows', message: expect.stringContaining('never ends') }] },
  });
  const forth = await bench.make({ kind: 'flow', flow: other, config: { flows: [one] }, parameters: { n: '1' } });
  const back = await bench.make({ kind: 'flow', flow: one, config: { flows: [other] }, parameters: { n: '1' } });
  await ran(one, 1);
  const all = async () => [...(await bench.history(forth)), ...(await bench.history(back))];
  for (let events = await all(); !events.some(({ state }) => state === 'refused'); events = await all()) {
    for (const { run } of events) if (run) await bench.ended(run.id);
    await fireAll();
  }
  const events = await all();
  expect(events.filter(({ state }) => state === 'fired')).toHaveLength(16);
  expect(events.find(({ state }) => state === 'refused')?.reason).toContain('16 runs have started one another');
});

test('whoever may not see the runs of a flow cannot wait for them', async () => {
  const [from, to] = [await source(), await target()];
  const eve = limitedActor(bench.actor.workspaceId, {
    rules: [{ permissions: ['flow.run', 'flow.read', 'trigger.edit', 'trigger.read', 'run.read'], where: { flow: [to] } }],
  });
  const made = createTrigger(bench.deps, eve, {
    slug: 'eves',
    title: 'x',
    kind: 'flow',
    flow: to,
    config: { flows: [from] },
    parameters: { n: '1' },
    condition: null,
    paused: false,
  });
  await expect(made).rejects.toMatchObject({
    code: 'trigger.invalid',
    details: { faults: [{ path: 'config.flows', message: expect.stringContaining(from) }] },
  });
});

test('whoever may not see the runs that it waits for, or not all of them, sees nothing of them in its events', async () => {
  const [from, to] = [await source(), await target()];
  const slug = await bench.make({ kind: 'flow', flow: to, config: { flows: [from] }, parameters: { n: 'event.run.output.n' } });
  await ran(from, 41);
  await fireAll();
  const ofTarget: Limits['rules'][number] = { permissions: ['trigger.read', 'run.read'], where: { flow: [to] } };
  const ofSource: Limits['rules'][number] = { permissions: ['run.read'], where: { flow: [from] } };
  const shownTo = async (limits: Limits) => (await listEvents(bench.deps, limitedActor(bench.actor.workspaceId, limits), { slug, limit: 9 })).items[0];
  const hidden = { state: 'fired', title: 'fired', event: null, run: { number: expect.any(Number) } };
  const rules = [ofTarget, ofSource];
  expect(await shownTo({ rules })).toMatchObject({ title: expect.stringContaining(from), event: { run: { parameters: { n: 41 } } } });
  expect(await shownTo({ rules: [ofTarget] })).toMatchObject(hidden);
  for (const field of ['columns.n', 'parameters.n', 'startedBy'])
    expect(await shownTo({ rules, masks: [{ type: 'run', field, as: 'masked', where: { flow: [from] } }] })).toMatchObject(hidden);
  const editor = limitedActor(bench.actor.workspaceId, { rules: [{ permissions: ['trigger.read', 'trigger.edit'], where: { flow: [to] } }] });
  await expect(testTrigger(bench.deps, editor, { slug, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'trigger.invalid' });
});

test('a field that no event has is named when it is saved; what would be refused is told by the test', async () => {
  const [from, to] = [await source(), await target()];
  const make = (given: { parameters: Record<string, string>; condition?: string }) =>
    bench.make({ kind: 'flow', flow: to, config: { flows: [from] }, ...given });
  await expect(make({ parameters: { n: 'size(event.run.outpt)' }, condition: 'event.rn.state == "failed" || has(event.run.any)' })).rejects.toMatchObject({
    code: 'trigger.invalid',
    details: {
      faults: [
        { path: 'parameters.n', message: 'there is no field "event.run.outpt"; did you mean "event.run.output"?' },
        { path: 'condition', message: 'there is no field "event.rn"; did you mean "event.run"?' },
      ],
    },
  });
  const slug = await make({ parameters: { n: 'event.run.flow' } });
  await ran(from, 1);
  expect(await testTrigger(bench.deps, bench.actor, { slug, signal: new AbortController().signal })).toMatchObject({
    ok: false,
    summary: 'None of the newest 1 runs would have fired it.',
    lines: [{ title: expect.stringContaining(from), detail: expect.stringContaining('n') }],
  });
});

test('an end that cannot be seen to holds up no other, and stays until it can', async () => {
  const [from, to, broken] = [await source(), await target(), await target()];
  const stays = await bench.make({ kind: 'flow', flow: broken, config: { flows: [from] }, parameters: { n: '1' } });
  const goes = await bench.make({ kind: 'flow', flow: to, config: { flows: [from] }, parameters: { n: '1' } });
  const documentOf = 'flow_version where flow_id = (select id from flow where slug = $1)';
  const { enginePool } = bench.databases;
  const { rows } = await enginePool.query<{ document: object }>(`select document from ${documentOf}`, [broken]);
  const write = (document: object) =>
    enginePool.query('update flow_version set document = $2 where flow_id = (select id from flow where slug = $1)', [broken, JSON.stringify(document)]);
  await write({});
  await ran(from, 1);
  await ran(from, 2);
  await expect(fireForEnded(bench.deps)).rejects.toThrow();
  expect([await bench.history(goes), await bench.history(stays)].map(({ length }) => length)).toEqual([2, 0]);
  await write(rows[0]?.document ?? {});
  await fireAll();
  expect(await bench.history(stays)).toHaveLength(2);
});

test('its condition, its parameters and the defaults of its flow count with the calendars of the workspace', async () => {
  const calendars = { databases: bench.databases, uses: [triggersOfCalendar] };
  const rules = [{ kind: 'weekend' as const, days: ['saturday' as const, 'sunday' as const] }];
  await createCalendar(calendars, bench.actor, { slug: 'own-days', title: 'Own days', description: '', note: '', definition: { rules } });
  const next = 'calendar("own-days").next("2026-11-21")';
  const from = await source();
  const to = await bench.apply({
    parameters: { day: { type: 'date' }, due: { type: 'date', default: next } },
    steps: { day: { use: 'flow.value', with: { value: 'day' } } },
  });
  const slug = await bench.make({ kind: 'flow', flow: to, config: { flows: [from] }, parameters: { day: next }, condition: `${next} > "2026-11-21"` });
  await ran(from, 1);
  await fireAll();
  const [event] = await bench.history(slug);
  expect(event).toMatchObject({ state: 'fired', reason: null });
  expect((await bench.ended(event?.run?.id ?? '')).parameters).toEqual({ day: '2026-11-23', due: '2026-11-23' });
  expect(await showUsage(calendars, bench.actor, 'own-days')).toMatchObject({ uses: [{ kind: 'trigger', slug }], hidden: 0 });
});

test('the same is done to many, and it is said before to which; what it cannot be done to stays as it is', async () => {
  const [from, gone, to] = [await source(), await source(), await target()];
  const make = (slug: string, flows: string[]) =>
    createTrigger(bench.deps, bench.actor, {
      ...{ slug, title: slug, kind: 'flow', flow: to, condition: null, paused: false },
      ...{ config: { flows }, parameters: { n: '1' } },
    });
  await make('many-a', [from]);
  await make('many-b', [from, gone]);
  const call = await bench.make({ kind: 'webhook', flow: to, config: {}, parameters: { n: '1' } });
  const bulk = (verb: TriggerAction['do'], choice: TriggerChoice, dryRun = false) =>
    changeTriggers(bench.deps, bench.actor, { choice, action: { do: verb }, dryRun });
  const all: TriggerChoice = { filter: { flow: to } };
  const many: TriggerChoice = { filter: { search: 'many-' } };
  const states = async () => (await listTriggers(bench.deps, bench.actor, { search: 'many-', limit: 9 })).items.map(({ health }) => health);

  expect(await bulk('pause', many, true)).toEqual({ dryRun: true, chosen: 2, changed: 2, names: ['many-a', 'many-b'], refused: [] });
  expect(await states()).toEqual(['idle', 'idle']);
  expect(await bulk('pause', all)).toMatchObject({ chosen: 3, changed: 3 });
  expect(await bulk('pause', all)).toMatchObject({ chosen: 3, changed: 0, refused: [] });
  await ran(from, 1);
  await fireAll();
  expect(await bench.history('many-a')).toEqual([]);

  await bench.databases.enginePool.query('update flow set archived_at = now() where slug = $1', [gone]);
  const goesOn = { chosen: 2, changed: 1, names: ['many-a'], refused: [{ name: 'many-b', reason: expect.stringContaining(gone) }] };
  expect(await bulk('resume', many, true)).toMatchObject(goesOn);
  expect(await bulk('resume', many)).toMatchObject(goesOn);
  expect(await states()).toEqual(['idle', 'paused']);
  await ran(from, 1);
  await fireAll();
  expect(await bench.history('many-a')).toHaveLength(1);

  const editor = limitedActor(bench.actor.workspaceId, {
    rules: [{ permissions: ['trigger.read', 'trigger.edit'], where: { flow: [to] } }, { permissions: ['trigger.read'] }],
  });
  const his = await bench.make({ kind: 'webhook', flow: from, config: {}, parameters: { n: '1' } });
  expect(await changeTriggers(bench.deps, editor, { choice: { names: [his, 'many-a', 'nobody'] }, action: { do: 'archive' }, dryRun: false })).toMatchObject({
    ...{ chosen: 1, names: ['many-a'] },
    refused: expect.arrayContaining([
      { name: his, reason: 'you may not change it' },
      { name: 'nobody', reason: 'there is no such trigger' },
    ]),
  });
  expect(await bulk('resume', { names: ['many-a', call] })).toMatchObject({ names: [call], refused: [{ name: 'many-a', reason: 'it is archived' }] });
  expect(await bulk('restore', { names: ['many-a', call] })).toMatchObject({ chosen: 2, names: ['many-a'], refused: [] });
  expect(await showTrigger(bench.deps, bench.actor, 'many-a')).toMatchObject({ health: 'paused', archivedAt: null });
  const { rows } = await bench.databases.enginePool.query<{ action: string }>(
    `select action from audit_entry where action like 'trigger.%' and body::text like '%"many-a"%' order by id`,
  );
  expect(rows.map(({ action }) => action)).toEqual(['created', 'paused', 'resumed', 'archived', 'restored'].map((verb) => `trigger.${verb}`));
});
