// Schedules on a real database: made, checked, changed, fired, missed and made up for.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { ScheduleAction, ScheduleChoice } from '@tidewheel/contract/routes/schedules';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoggedChange } from '../../base/change-module.ts';
import { changeCalendar, createCalendar } from '../../platform/calendars/calendars.service.ts';
import { type EngineBench, insertFlow, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { noTargets } from '../no-targets.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { changeSchedules } from './bulk.ts';
import { renewOutdated } from './firing/fire.ts';
import { TimingShelf } from './firing/timing-shelf.ts';
import { moveOccurrence, resetOccurrence, runNow, skipOccurrence } from './occurrences.service.ts';
import { scheduleChanges } from './schedule-changes.ts';
import { explain, listFirings, listNext, preview, showCalendar } from './schedule-plan.service.ts';
import { showScheduler, startScheduler, stopScheduler } from './scheduler-control.service.ts';
import {
  activateSchedule,
  archiveSchedule,
  createSchedule,
  listSchedules,
  pauseSchedule,
  restoreSchedule,
  showSchedule,
  updateSchedule,
} from './schedules.service.ts';
import { definitionOf, firingsOf, makeSchedule, untilFirings, wasDown } from './testing/schedule-bench.ts';

let bench: EngineBench;
const resting: { name: string; until: Date | null; reason: string }[] = [];
let go: () => void;
const held = new Promise<void>((resolve) => {
  go = resolve;
});
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    targets: { ...noTargets, inMaintenance: async (_, names) => resting.filter(({ name }) => names.includes(name)) },
    steps: { 'test.noop': async () => ({}), 'test.held': async () => held.then(() => ({})) },
  });
  const { workspaceId } = bench.actor;
  const flows = [
    { flow: 'daily', parameters: { day: { type: 'date' }, top: { type: 'integer', default: 3 } }, steps: { a: { use: 'test.noop' } } },
    { flow: 'plain', steps: { a: { use: 'test.noop' } } },
    {
      flow: 'hosts',
      steps: {
        group: { use: 'flow.steps', steps: { a: { use: 'test.noop', with: { target: 'web-1' } }, b: { use: 'test.noop', with: { target: '{{ item }}' } } } },
      },
    },
    { flow: 'slow', steps: { a: { use: 'test.held' } } },
  ];
  for (const flow of flows) await insertFlow(bench.databases, { workspaceId, document: FlowDocument.parse({ title: flow.flow, ...flow }) });
});
afterAll(async () => {
  go();
  await bench.close();
});

const deps = () => bench.engine.schedules;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string; message: string }) => `${error.status} ${error.code}`,
  );
const trouble = async (slug: string) => {
  const { rows } = await bench.databases.enginePool.query<{ kind: string; severity: string }>(
    'select kind, severity from notification_event where object_id = $1',
    [slug],
  );
  return rows;
};
const everySecond = { rules: [{ kind: 'cron' as const, expression: '* * * * * *' }] };

describe('making one', () => {
  it('says when it fires next, in words and on the clocks of its zone', async () => {
    const rules = [{ kind: 'nthBusinessDay' as const, nth: -1, at: ['18:00'] }];
    const made = await makeSchedule(bench, {
      slug: 'month-end',
      flow: 'daily',
      calendar: 'TARGET',
      timeZone: 'Europe/Paris',
      rules,
      parameters: { day: { expression: 'businessDate' } },
    });
    expect(made).toMatchObject({ state: 'active', words: ['At 18:00, on the last business day of the month in TARGET'], owner: 'test', problem: null });
    expect(made.nextLocal).toMatch(/T18:00:00\+0[12]:00$/);
    expect((await listSchedules(deps(), bench.actor, { limit: 10, sort: 'next' })).items.map(({ slug }) => slug)).toContain('month-end');
  });
  it.each([
    ['can never fire', { rules: [{ kind: 'cron', expression: '0 0 30 2 *' }] }, 'rules: it can never fire'],
    ['cron', { rules: [{ kind: 'cron', expression: 'every day' }] }, 'rules.0.expression: The cron expression'],
    ['no such calendar', { calendar: 'MOON' }, 'calendar: there is no calendar "MOON"'],
    ['no such parameter', { parameters: { dya: { value: '2026-01-01' } } }, 'parameters.dya'],
    ['an expression', { parameters: { day: { expression: 'businessDte' } } }, 'parameters.day'],
    ['a value', { parameters: { day: { value: 'soon' } } }, 'parameters.day: must be a date'],
  ])('refuses: %s', async (_, given, message) => {
    const parameters = { day: { expression: 'today' } };
    const definition = definitionOf({ slug: 'bad', flow: 'daily', parameters, ...(given as object) });
    await expect(createSchedule(deps(), bench.actor, { ...definition, slug: 'bad', active: true })).rejects.toMatchObject({
      code: 'schedule.invalid',
      message: expect.stringContaining(message),
    });
  });
  it('refuses a flow that is not there and a name that is taken', async () => {
    expect(await refusal(makeSchedule(bench, { slug: 'x', flow: 'nightly' }))).toBe('404 flow.unknown');
    expect(await refusal(makeSchedule(bench, { slug: 'month-end', flow: 'plain' }))).toBe('409 schedule.exists');
    expect(await refusal(showSchedule(deps(), bench.actor, 'month-edn'))).toBe('404 schedule.unknown');
  });
  it('previews what is not saved, with every fault and warning', async () => {
    const body = { ...definitionOf({ slug: 'x', flow: 'plain', timeZone: 'Europe/Paris', rules: [{ kind: 'cron', expression: '*/20 * * * *' }] }), most: 3 };
    const seen = await preview(deps(), bench.actor, body);
    expect(seen.next).toHaveLength(3);
    expect(seen.faults).toMatchObject([{ severity: 'warning', path: 'rules.0' }]);
    expect(
      await preview(deps(), bench.actor, { ...body, rules: [{ kind: 'interval', every: 2, unit: 'seconds', from: '2026-01-01T00:00:01' }] }),
    ).toMatchObject({
      words: ['Every 2 seconds, counted from 2026-01-01 00:00:01'],
      next: [{ local: expect.stringMatching(/[13579][+-]/) }, {}, {}],
      faults: [{ severity: 'warning', path: 'rules.0.every' }],
    });
    const cron = (expression: string) => ({ kind: 'cron' as const, expression });
    expect(await preview(deps(), bench.actor, { ...body, rules: [cron('0 9 * * *'), cron('0 9 30 2 *')] })).toMatchObject({
      next: [{}, {}, {}],
      faults: [{ severity: 'warning', path: 'rules.1', message: expect.stringContaining('never fires') }],
    });
    expect(await preview(deps(), bench.actor, { ...body, rules: [cron('0 9 31 4 *'), cron('0 9 30 2 *')] })).toMatchObject({
      faults: [{ severity: 'error', path: 'rules' }],
    });
    expect(await preview(deps(), bench.actor, { ...body, rules: [{ kind: 'cron', expression: 'x' }] })).toMatchObject({
      next: [],
      faults: [{ path: 'rules.0.expression' }],
    });
  });
});

describe('firing', () => {
  it('starts a run at each moment, with its parameters and the way back', async () => {
    await makeSchedule(bench, {
      slug: 'seconds',
      flow: 'daily',
      ...everySecond,
      timeZone: 'Asia/Tokyo',
      parameters: { day: { expression: 'today' }, top: { value: 5 } },
    });
    const rows = await untilFirings(bench, 'seconds', (found) => found.length >= 3);
    await pauseSchedule(deps(), bench.actor, 'seconds');
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'fired', why: null });
      expect(row.instant.getTime() % 1_000).toBe(0);
      const run = await bench.runs.showRun(bench.actor, row.run_id ?? '');
      expect(run).toMatchObject({ origin: { kind: 'schedule', slug: 'seconds', instant: row.instant.toISOString() }, startedBy: 'test' });
      expect(run.parameters).toEqual({ day: new Date(row.instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 10), top: 5 });
    }
    const listed = await listFirings(deps(), bench.actor, { slug: 'seconds', limit: 50 });
    expect(listed.items.at(-1)).toMatchObject({ outcome: 'fired', run: { number: expect.any(Number) }, by: null });
    const after = (await firingsOf(bench, 'seconds')).length;
    expect((await showSchedule(deps(), bench.actor, 'seconds')).nextAt).toBeNull();
    await activateSchedule(deps(), bench.actor, 'seconds');
    await untilFirings(bench, 'seconds', (found) => found.length > after);
    await archiveSchedule(deps(), bench.actor, 'seconds');
    expect(await refusal(pauseSchedule(deps(), bench.actor, 'seconds'))).toBe('404 schedule.archived');
    expect(await restoreSchedule(deps(), bench.actor, 'seconds')).toMatchObject({ state: 'paused', nextAt: null });
  });

  it('makes up for what was missed as its policy says, and tells of it', async () => {
    const hourly = { flow: 'plain', rules: [{ kind: 'cron' as const, expression: '0 * * * *' }] };
    await makeSchedule(bench, { slug: 'once', ...hourly });
    await makeSchedule(bench, { slug: 'all', ...hourly, policies: { misfire: 'runAll' } });
    const hour = 3_600_000;
    const since = new Date(Math.floor((Date.now() - 4 * hour) / hour) * hour);
    await wasDown(bench, { slug: 'once', since });
    await wasDown(bench, { slug: 'all', since });
    const once = await untilFirings(bench, 'once', (rows) => rows.length >= 4);
    expect(once.filter(({ outcome }) => outcome === 'fired')).toHaveLength(1);
    expect(once.at(-1)).toMatchObject({ outcome: 'fired', why: 'Missed at its time, made up for' });
    expect(once[0]).toMatchObject({ outcome: 'skipped', why: expect.stringContaining('a newer one was made up for') });
    const all = await untilFirings(bench, 'all', (rows) => rows.length >= 4);
    expect(all.every(({ outcome }) => outcome === 'fired')).toBe(true);
    expect(await trouble('once')).toEqual([{ kind: 'schedule.missed', severity: 'warning' }]);
    expect((await showSchedule(deps(), bench.actor, 'once')).nextAt).not.toBeNull();
  });

  it('says why a run could not start, and goes on with the next moment', async () => {
    await makeSchedule(bench, { slug: 'off', flow: 'plain', ...everySecond });
    await bench.databases.enginePool.query(`update flow set off_at = now(), off_by = 'ada', off_reason = 'rubbish' where slug = 'plain'`);
    const rows = await untilFirings(bench, 'off', (found) => found.some(({ outcome }) => outcome === 'failed'));
    await bench.databases.enginePool.query(`update flow set off_at = null, off_by = null, off_reason = null where slug = 'plain'`);
    expect(rows.find(({ outcome }) => outcome === 'failed')?.why).toContain('was switched off by ada');
    await untilFirings(bench, 'off', (found) => found.at(-1)?.outcome === 'fired');
    await pauseSchedule(deps(), bench.actor, 'off');
    expect(await trouble('off')).toContainEqual({ kind: 'schedule.failed', severity: 'error' });
  });

  it('leaves out moments while a host that the flow names is in maintenance, and says so', async () => {
    resting.push({ name: 'web-1', until: null, reason: 'new disks' });
    await makeSchedule(bench, { slug: 'on-hosts', flow: 'hosts', ...everySecond });
    const [skipped] = await untilFirings(bench, 'on-hosts', (rows) => rows.some(({ outcome }) => outcome === 'skipped'));
    expect(skipped).toMatchObject({ outcome: 'skipped', why: 'web-1 is in maintenance: new disks' });
    resting.pop();
    await untilFirings(bench, 'on-hosts', (rows) => rows.some(({ outcome }) => outcome === 'fired'));
    await pauseSchedule(deps(), bench.actor, 'on-hosts');
  });

  it('an owner who is gone starts nothing', async () => {
    await makeSchedule(bench, { slug: 'orphan', flow: 'plain', ...everySecond, active: false });
    await bench.databases.enginePool.query(`update schedule set owner_id = gen_random_uuid(), owner_label = 'gone@example.com' where slug = 'orphan'`);
    await activateSchedule(deps(), bench.actor, 'orphan');
    const [row] = await untilFirings(bench, 'orphan', (found) => found.length > 0);
    expect(row).toMatchObject({ outcome: 'failed', why: expect.stringContaining('no member of this workspace') });
    // Whoever saves it is its owner.
    const saved = await updateSchedule(deps(), bench.actor, { ...definitionOf({ slug: 'orphan', flow: 'plain', ...everySecond }), slug: 'orphan' });
    expect(saved.owner).toBe('test');
    await untilFirings(bench, 'orphan', (found) => found.at(-1)?.outcome === 'fired');
    await pauseSchedule(deps(), bench.actor, 'orphan');
  });

  it('leaves out what would overlap, and waits or cancels where it says so', async () => {
    await makeSchedule(bench, { slug: 'skipping', flow: 'slow', ...everySecond, policies: { runs: 'skip' } });
    const rows = await untilFirings(bench, 'skipping', (found) => found.length >= 2);
    await pauseSchedule(deps(), bench.actor, 'skipping');
    expect(rows.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['fired', 'skipped']);
    expect(rows[1]?.why).toBe('An earlier run was not over.');
    await makeSchedule(bench, { slug: 'cancelling', flow: 'slow', ...everySecond, policies: { runs: 'cancelPrevious' } });
    const [first] = await untilFirings(bench, 'cancelling', (found) => found.length >= 2);
    await pauseSchedule(deps(), bench.actor, 'cancelling');
    await bench.until(first?.run_id ?? '', (run) => run.state === 'cancelling' || run.state === 'cancelled');
  });

  it('stops and starts as a whole', async () => {
    await stopScheduler(deps(), bench.actor, 'new disks');
    await makeSchedule(bench, { slug: 'waiting', flow: 'plain', ...everySecond });
    const due = async (): Promise<number> => {
      const { due: count } = await showScheduler(deps(), bench.actor);
      return count > 0 ? count : due();
    };
    await due();
    expect(await firingsOf(bench, 'waiting')).toEqual([]);
    const status = await startScheduler(deps(), bench.actor);
    expect(status).toMatchObject({ stopped: null, processes: [expect.objectContaining({ pid: process.pid })] });
    await untilFirings(bench, 'waiting', (found) => found.length > 0);
    await pauseSchedule(deps(), bench.actor, 'waiting');
    expect((await showScheduler(deps(), bench.actor)).today.fired).toBeGreaterThan(5);
  });
});

describe('single moments', () => {
  const daily = { flow: 'plain', rules: [{ kind: 'cron' as const, expression: '0 9 * * *' }] };
  it('are left out, moved, and put back', async () => {
    await makeSchedule(bench, { slug: 'moved', ...daily });
    const { items } = await listNext(deps(), bench.actor, { slug: 'moved', limit: 3 });
    const [first = '', second = '', third = ''] = items.map(({ instant }) => instant);
    const skipped = await skipOccurrence(deps(), bench.actor, { slug: 'moved', instant: first, reason: 'holiday' });
    expect(skipped.nextAt).toBe(second);
    const to = new Date(Date.parse(third) + 3_600_000).toISOString();
    await moveOccurrence(deps(), bench.actor, { slug: 'moved', instant: second, to });
    const next = await listNext(deps(), bench.actor, { slug: 'moved', limit: 2 });
    expect(next.items.map(({ instant, movedFrom }) => [instant, movedFrom])).toEqual([
      [third, null],
      [to, second],
    ]);
    const told = await explain(deps(), bench.actor, { slug: 'moved', date: first.slice(0, 10) });
    expect(told.verdict).toContain('Somebody left out');
    const month = await showCalendar(deps(), bench.actor, { slug: 'moved', from: first.slice(0, 10), to: third.slice(0, 10) });
    expect(month.changed).toMatchObject([
      { instant: first, to: null, reason: 'holiday', by: 'test' },
      { instant: second, to },
    ]);
    expect((await resetOccurrence(deps(), bench.actor, { slug: 'moved', instant: first })).nextAt).toBe(first);
    expect(await refusal(resetOccurrence(deps(), bench.actor, { slug: 'moved', instant: first }))).toBe('409 schedule.unchanged');
    expect(await refusal(skipOccurrence(deps(), bench.actor, { slug: 'moved', instant: '2020-01-01T09:00:00.000Z' }))).toBe('400 schedule.over');
    expect(await refusal(skipOccurrence(deps(), bench.actor, { slug: 'moved', instant: '2099-01-01T09:01:00.000Z' }))).toBe('400 schedule.no_occurrence');
    expect(await refusal(moveOccurrence(deps(), bench.actor, { slug: 'moved', instant: first, to: '2020-01-01T09:00:00.000Z' }))).toBe('400 schedule.move');
  });

  it('a run by hand keeps the next moment, or stands for it', async () => {
    const { nextAt } = await makeSchedule(bench, { slug: 'by-hand', ...daily });
    const kept = await runNow(deps(), bench.actor, { slug: 'by-hand', next: 'keep' });
    expect(kept.origin).toMatchObject({ kind: 'schedule', slug: 'by-hand' });
    expect((await showSchedule(deps(), bench.actor, 'by-hand')).nextAt).toBe(nextAt);
    await runNow(deps(), bench.actor, { slug: 'by-hand', next: 'cancel' });
    expect((await showSchedule(deps(), bench.actor, 'by-hand')).nextAt).toBe(new Date(Date.parse(nextAt ?? '') + 86_400_000).toISOString());
    const history = await listFirings(deps(), bench.actor, { slug: 'by-hand', limit: 10 });
    expect(history.items).toMatchObject([{ by: 'test', why: 'Run by hand' }, { by: 'test' }]);
  });

  it('taking back that a run stands for a moment puts it where it had been moved to', async () => {
    const { nextAt } = await makeSchedule(bench, { slug: 'stands-for', ...daily });
    const to = new Date(Date.parse(nextAt ?? '') + 3_600_000).toISOString();
    await moveOccurrence(deps(), bench.actor, { slug: 'stands-for', instant: nextAt ?? '', to });
    await runNow(deps(), bench.actor, { slug: 'stands-for', next: 'cancel' });
    const { rows } = await bench.databases.enginePool.query<Pick<LoggedChange, 'id' | 'object' | 'before' | 'after'>>(
      `select id, body -> 'object' as object, body -> 'before' as before, body -> 'after' as after from audit_entry
       where body -> 'object' ->> 'title' = 'stands-for' and action = 'schedule.occurrence_changed' order by id desc limit 1`,
    );
    const action = 'schedule.occurrence_changed';
    const { reverts } = scheduleChanges(deps());
    await reverts[action]?.(bench.actor, { ...(rows[0] as LoggedChange), action });
    expect((await listNext(deps(), bench.actor, { slug: 'stands-for', limit: 1 })).items).toMatchObject([{ instant: to, movedFrom: nextAt }]);
  });
});

it('is seen and changed by whoever may, by its flow', async () => {
  const { workspaceId } = bench.actor;
  const reader = limitedActor(workspaceId, { rules: [{ permissions: ['schedule.read'], where: { flow: ['plain'] } }] });
  const slugs = (await listSchedules(deps(), reader, { limit: 50, sort: 'title' })).items.map(({ definition }) => definition.flow);
  expect(new Set(slugs)).toEqual(new Set(['plain']));
  expect(await refusal(showSchedule(deps(), reader, 'month-end'))).toBe('404 schedule.unknown');
  expect(await refusal(pauseSchedule(deps(), reader, 'by-hand'))).toBe('403 permission.missing');
  // A run of it is named only to who may see runs.
  expect((await listFirings(deps(), reader, { slug: 'by-hand', limit: 1 })).items[0]?.run).toBeNull();
  const editor = limitedActor(workspaceId, { rules: [{ permissions: ['schedule.read', 'schedule.edit', 'flow.read'] }] });
  const definition = definitionOf({ slug: 'by-hand', flow: 'plain' });
  expect(await refusal(updateSchedule(deps(), editor, { ...definition, slug: 'by-hand' }))).toBe('403 permission.missing');
  expect(await refusal(updateSchedule(deps(), bench.actor, { ...definition, slug: 'by-hand', revision: 999 }))).toBe('409 schedule.changed');
});

it('does the same to many, and says before to which', async () => {
  const { workspaceId } = bench.actor;
  for (const slug of ['many-a', 'many-b', 'many-c']) await makeSchedule(bench, { slug, flow: 'slow', active: slug !== 'many-c' });
  const bulk = (verb: ScheduleAction['do'], choice: ScheduleChoice, dryRun = false) =>
    changeSchedules(deps(), bench.actor, { choice, action: { do: verb }, dryRun });
  const many: ScheduleChoice = { filter: { search: 'many-' } };
  const states = async () => (await listSchedules(deps(), bench.actor, { search: 'many-', limit: 9, sort: 'title' })).items.map(({ state }) => state);
  expect(await bulk('pause', many, true)).toEqual({ dryRun: true, chosen: 3, changed: 2, names: ['many-a', 'many-b'], refused: [] });
  expect(await states()).toEqual(['active', 'active', 'paused']);
  expect(await bulk('pause', many)).toMatchObject({ changed: 2 });
  expect(await bulk('activate', { filter: { search: 'many-', state: 'paused' } })).toMatchObject({ chosen: 3, changed: 3 });
  expect(await showSchedule(deps(), bench.actor, 'many-c')).toMatchObject({ state: 'active', nextAt: expect.any(String), owner: bench.actor.label });
  expect(await bulk('archive', { names: ['many-c', 'nobody'] })).toMatchObject({
    chosen: 1,
    changed: 1,
    refused: [{ name: 'nobody', reason: 'there is no such schedule' }],
  });
  expect(await bulk('pause', { names: ['many-c'] })).toMatchObject({ changed: 0, refused: [{ name: 'many-c', reason: 'it is archived' }] });
  expect(await bulk('restore', { filter: { state: 'archived', search: 'many-' } })).toMatchObject({ names: ['many-c'] });
  expect(await states()).toEqual(['active', 'active', 'paused']);
  const editor = limitedActor(workspaceId, {
    rules: [{ permissions: ['schedule.read'] }, { permissions: ['schedule.edit'], where: { schedule: ['many-a'] } }],
  });
  const his = (choice: ScheduleChoice) => changeSchedules(deps(), editor, { choice, action: { do: 'pause' }, dryRun: false });
  expect(await his(many)).toMatchObject({ chosen: 1, names: ['many-a'], refused: [] });
  expect(await his({ names: ['many-b'] })).toMatchObject({ chosen: 0, refused: [{ name: 'many-b', reason: 'you may not change it' }] });
  await bulk('archive', many);
});

it('looks again at what goes by a calendar that was changed', async () => {
  const { databases, actor } = bench;
  const calendars = { databases, uses: [] };
  const base = [{ kind: 'calendar' as const, calendar: 'TARGET' }];
  await createCalendar(calendars, actor, { slug: 'own-days', title: 'Own days', description: '', note: '', definition: { rules: base } });
  const rules = [{ kind: 'businessDays' as const, at: ['18:00'] }];
  const before = (await makeSchedule(bench, { slug: 'by-own-days', flow: 'plain', calendar: 'own-days', rules })).nextAt ?? '';
  const day = before.slice(0, 10);
  await databases.enginePool.query(`update schedule set looked_at = now() - interval '20 seconds' where slug = 'by-own-days'`);
  const definition = { rules: [...base, { kind: 'blackout' as const, from: day, to: day, reason: 'moving house' }] };
  await changeCalendar(calendars, actor, { slug: 'own-days', definition });
  // Whoever comes first: this call, or the scheduler of the bench.
  await inTransaction(databases.enginePool, (client) => renewOutdated({ engine: databases.engine, shelf: new TimingShelf() }, client, 10));
  await expect.poll(async () => (await showSchedule(deps(), actor, 'by-own-days')).nextAt).not.toBe(before);
  const { rows } = await databases.enginePool.query<{ next: Date; problem: string | null }>(
    `select next_at as next, problem from schedule where slug = 'by-own-days'`,
  );
  expect(rows[0]?.problem).toBeNull();
  expect(rows[0]?.next.getTime()).toBeGreaterThan(Date.parse(before));
});
