import type { Run, RunEvent } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { applyEvent } from './run-events.ts';

const run = {
  state: 'queued',
  startedAt: null,
  finishedAt: null,
  lastEvent: 2,
  steps: [
    { step: 'a', state: 'ready', startedAt: null, finishedAt: null },
    { step: 'b', state: 'pending' },
  ],
} as unknown as Run;
const event = (seq: number, type: RunEvent['type'], step: string | null = null): RunEvent => ({
  run: 'r',
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type,
  step,
  data: {},
});

test('events move the run and only the step they name', () => {
  const after = [event(3, 'run.started'), event(4, 'step.started', 'a'), event(5, 'step.succeeded', 'a'), event(6, 'run.succeeded')].reduce(applyEvent, run);
  expect(after).toMatchObject({ state: 'succeeded', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z', lastEvent: 6 });
  expect(after.steps.map((step) => step.state)).toEqual(['succeeded', 'pending']);
});
test('an event that the run already shows changes nothing', () => {
  expect(applyEvent(run, event(2, 'run.failed'))).toBe(run);
});
test('a step tried again waits, and starts afresh', () => {
  const waiting = applyEvent(run, event(3, 'step.retrying', 'a'));
  expect(waiting.steps[0]?.state).toBe('waiting');
  expect(applyEvent(waiting, event(4, 'step.started', 'a')).steps[0]).toMatchObject({ state: 'running', finishedAt: null });
});
test('progress is shown while the step runs, and goes with its end', () => {
  const started = applyEvent(run, event(3, 'step.started', 'a'));
  const data = { bytes: 5, total: 10, unit: 'bytes', percent: 50, attempt: 1 };
  const moving = applyEvent(started, { ...event(4, 'step.progressed', 'a'), data });
  expect(moving.steps[0]).toMatchObject({ state: 'running', progress: data });
  expect(applyEvent(moving, event(5, 'step.succeeded', 'a')).steps[0]).toMatchObject({ state: 'succeeded', progress: null });
});
