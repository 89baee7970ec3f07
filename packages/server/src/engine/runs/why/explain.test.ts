// Each reason from the facts that make it. That the facts are gathered rightly is for why.db.test.ts.
import type { RunWhy } from '@tidewheel/contract/routes/run-why';
import { expect, test } from 'vitest';
import { explainRun } from './explain.ts';
import type { JobFacts, StepFacts, WhyFacts, WorkerFacts } from './facts.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const inSeconds = (seconds: number) => ago(-seconds);

function step(id: string, more: Partial<StepFacts> = {}): StepFacts {
  const none = { reason: null, attempt: 0, startedAt: null, finishedAt: null, error: null, retries: [] };
  return { id, unit: id, predecessors: [], tag: 'default', when: null, mayFail: false, attempts: 1, state: 'pending', ...none, ...more };
}
function job(unit: string, more: Partial<JobFacts> = {}): JobFacts {
  return { unit, tag: 'default', at: ago(10), since: ago(10), ahead: 0, ...more };
}
function worker(more: Partial<WorkerFacts> = {}): WorkerFacts {
  return { tags: ['default'], concurrency: 10, held: 0, drain: null, beatAt: ago(0.2), ...more };
}
function explain({ run, ...more }: Omit<Partial<WhyFacts>, 'run'> & { run?: Partial<WhyFacts['run']> }): RunWhy {
  const whole = { id: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', number: 1, flow: 'f', createdAt: ago(60), startedAt: null, finishedAt: null, error: null };
  const nothing = { steps: [], jobs: [], leases: [], workers: [], paused: null, cancel: null, may: () => true };
  const nowhere = { waits: [], parked: [], hold: { paused: null, held: null } };
  return explainRun({ now, run: { ...whole, state: 'queued', ...run }, ...nothing, ...nowhere, ...more });
}
const queued = (more: Omit<Partial<WhyFacts>, 'run'>) => explain({ steps: [step('a')], jobs: [job('a')], ...more }).steps[0]?.reason;

test('no live worker has the tag, also when one that had it is silent', () => {
  expect(queued({})).toMatchObject({
    code: 'no_worker',
    text: 'No live worker has the tag default',
    since: ago(10).toISOString(),
    change: { permission: null },
  });
  expect(queued({ workers: [worker({ tags: ['windows'] })] })).toMatchObject({ code: 'no_worker' });
  expect(queued({ workers: [worker({ beatAt: ago(9) })] })?.text).toBe('No live worker has the tag default; 1 that has it gives no sign of life');
});

test('every worker is full; one with a free place takes it', () => {
  const full = [worker({ held: 10 }), worker({ concurrency: 1, held: 1 }), worker({ drain: { at: ago(5), by: 'ada' } })];
  expect(queued({ workers: full, jobs: [job('a', { ahead: 1_234 })] })).toMatchObject({
    code: 'workers_full',
    text: 'Every worker with the tag default is full: 11 of 11 places taken; 1,234 others go first',
    figures: { tag: 'default', workers: 2, places: 11, held: 11, ahead: 1_234 },
  });
  expect(queued({ workers: [...full, worker()] })).toMatchObject({ code: 'due' });
});

test('all are drained: since the last of them, or since it waits', () => {
  const workers = [worker({ drain: { at: ago(30), by: 'ada' } }), worker({ drain: { at: ago(20), by: 'grace' } })];
  expect(queued({ workers })).toMatchObject({
    code: 'workers_draining',
    by: 'ada and grace',
    since: ago(10).toISOString(),
    change: { permission: 'system.edit' },
  });
  expect(queued({ workers, jobs: [job('a', { since: ago(99), at: ago(99) })] })?.since).toBe(ago(20).toISOString());
});

test('a pause comes before all of them, and says whether the asker can end it', () => {
  const paused = { at: ago(3), by: 'ada', reason: 'new disks' };
  const told = queued({ paused, may: (permission) => permission !== 'system.edit' });
  expect(told).toMatchObject({ code: 'engine_paused', by: 'ada', since: ago(3).toISOString(), change: { permission: 'system.edit', you: false } });
  expect(told?.text).toBe('The whole installation takes no work; ada stopped it: new disks');
});

test('a retry waits for its time: which attempt failed, why, how many are left', () => {
  const retry = { attempt: 2, at: ago(4).toISOString(), nextAt: inSeconds(6).toISOString(), code: 'sftp.away', message: 'nobody answers' };
  const steps = [step('a', { state: 'waiting', attempts: 5, retries: [{ ...retry, attempt: 1 }, retry] })];
  const told = explain({ steps, jobs: [job('a', { at: inSeconds(6), since: ago(4) })], run: { state: 'running' }, workers: [worker()] }).steps[0];
  expect(told).toMatchObject({ attemptsLeft: 3, reason: { code: 'retry_wait', since: ago(4).toISOString(), until: inSeconds(6).toISOString() } });
  expect(told?.reason?.text).toBe(`Attempt 2 of 5 failed (sftp.away): nobody answers; the next is at ${inSeconds(6).toISOString()}`);
});

test('predecessors that have not ended; the run as a whole goes on', () => {
  const steps = [step('a', { state: 'succeeded' }), step('b', { state: 'running' }), step('c', { predecessors: ['a', 'b'] })];
  const told = explain({ steps, leases: [{ unit: 'b', claimedAt: ago(5), worker: 'w', beatAt: ago(0) }], run: { state: 'running', startedAt: ago(9) } });
  expect(told.reason).toBeNull();
  expect(told.steps).toMatchObject([
    { step: 'c', reason: { code: 'predecessor', text: 'It waits for b (running)', since: ago(9).toISOString(), figures: { steps: ['b'] } } },
  ]);
});

test('it has been taken, or the worker that took it is silent', () => {
  const lease = { unit: 'a', claimedAt: ago(1), worker: 'w-1', beatAt: ago(0) };
  expect(explain({ steps: [step('a')], leases: [lease] }).reason).toMatchObject({ code: 'taken', since: ago(1).toISOString() });
  const silent = explain({ steps: [step('a', { state: 'running' })], leases: [{ ...lease, beatAt: ago(8) }], run: { state: 'running' } });
  expect([silent.reason?.code, silent.steps[0]?.reason?.code]).toEqual(['worker_silent', 'worker_silent']);
});

test('between the end of the last and the start of the next', () => {
  const steps = [step('a', { state: 'succeeded', finishedAt: ago(1) }), step('b', { predecessors: ['a'] })];
  expect(explain({ steps, run: { state: 'running' } }).steps[0]?.reason).toMatchObject({ code: 'following', since: ago(1).toISOString() });
});

test('skipped by its own condition, or by what failed far before it', () => {
  const steps = [
    step('a', { state: 'failed', error: { code: 'x.bad', message: 'bad', hint: 'Mend it.', retryable: true }, attempts: 3, attempt: 3, finishedAt: ago(5) }),
    step('b', { state: 'skipped', predecessors: ['a'], finishedAt: ago(5) }),
    step('c', { state: 'skipped', predecessors: ['b'], finishedAt: ago(5) }),
    step('d', { state: 'skipped', when: 'rows > 0', finishedAt: ago(4) }),
    step('e', { state: 'skipped', predecessors: ['c', 'd'], when: 'true', finishedAt: ago(4) }),
  ];
  const told = explain({ steps, run: { state: 'failed', finishedAt: ago(4) } });
  expect(told.reason).toMatchObject({ code: 'failed', text: 'a failed', since: ago(5).toISOString() });
  expect(told.steps.map(({ reason }) => [reason?.code, reason?.text])).toEqual([
    ['failed', 'It failed, at the last of 3 attempts (x.bad): bad'],
    ['predecessor_failed', 'It was skipped because a failed'],
    ['predecessor_failed', 'It was skipped because a failed'],
    ['condition_false', 'Its condition `rows > 0` was false'],
    ['predecessor_failed', 'It was skipped because a failed and d was skipped'],
  ]);
  expect(told.steps[0]?.reason?.change?.text).toBe('Mend it. Then whoever may run the flow starts it again.');
});

test('what was undone says for whom; what may fail is not why the run failed', () => {
  const soft = step('soft', { state: 'failed', mayFail: true, finishedAt: ago(9) });
  const steps = [soft, step('a', { state: 'compensated', finishedAt: ago(3) }), step('b', { state: 'failed', predecessors: ['a'], finishedAt: ago(4) })];
  const told = explain({ steps, run: { state: 'failed', finishedAt: ago(2) } });
  expect(told.reason?.text).toBe('b failed');
  expect(told.steps[1]?.reason).toMatchObject({ code: 'undone', text: 'It had succeeded, and was undone because b failed', since: ago(3).toISOString() });
  const cancelled = explain({ steps, run: { state: 'cancelled' }, cancel: { by: 'ada', at: ago(5) } });
  expect(cancelled.steps[1]?.reason?.text).toBe('It had succeeded, and was undone because ada cancelled the run');
});

test('cancelling, cancelled by somebody, by its time limit; never reached', () => {
  const cancel = { by: 'ada', at: ago(2) };
  const steps = [step('a', { state: 'running' }), step('b', { predecessors: ['a'] })];
  const leases = [{ unit: 'a', claimedAt: ago(9), worker: 'w', beatAt: ago(0) }];
  const going = explain({ steps, cancel, leases, run: { state: 'cancelling' } });
  expect(going.reason).toMatchObject({ code: 'cancelling', by: 'ada', since: ago(2).toISOString(), text: 'ada cancelled the run; a still ends' });
  expect(going.steps.map((each) => [each.step, each.reason?.code])).toEqual([['b', 'cancelling']]);
  const ended = steps.map((each) => ({ ...each, state: 'cancelled' as const }));
  expect(explain({ steps: ended, cancel, run: { state: 'cancelled' } }).steps.map((each) => each.reason?.text)).toEqual([
    'ada cancelled the run',
    'ada cancelled the run',
  ]);
  const late = explain({ steps: ended, cancel, run: { state: 'cancelled', error: { code: 'run.timeout', message: 'too long' } } });
  expect(late.reason).toMatchObject({ code: 'timed_out', change: { permission: 'flow.edit' } });
  const details = { deadline: '2026-11-21T18:00:00.000Z' };
  const own = explain({ steps: ended, cancel, run: { state: 'cancelled', error: { code: 'run.timeout', message: 'too long', details } } });
  expect(own.reason).toMatchObject({ code: 'timed_out', text: expect.stringContaining(details.deadline), change: { permission: 'flow.run' } });
  const gone = explain({
    steps: [step('a', { state: 'cancelled' })],
    run: { state: 'failed', error: { code: 'flow.step_type_unknown', message: 'no such type' } },
  });
  expect(gone.reason?.text).toBe('It could not go on (flow.step_type_unknown): no such type');
  expect(gone.steps[0]?.reason?.code).toBe('never_reached');
});

test('what runs or succeeded needs no reason', () => {
  expect(explain({ steps: [step('a', { state: 'succeeded' })], run: { state: 'succeeded' } })).toMatchObject({ reason: null, steps: [] });
});

test('of five thousand steps that wait for one another each is explained', () => {
  const steps = Array.from({ length: 5_000 }, (_, n) => step(`s${n}`, n === 0 ? { state: 'failed' } : { state: 'skipped', predecessors: [`s${n - 1}`] }));
  expect(explain({ steps, run: { state: 'failed' } }).steps).toHaveLength(5_000);
});
