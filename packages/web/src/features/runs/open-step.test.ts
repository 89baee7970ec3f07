import type { Run } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { openStepOf } from './open-step.ts';

const run = {
  steps: [
    { step: 'read', state: 'succeeded' },
    { step: 'send', state: 'failed' },
  ],
} as unknown as Run;

test('the failed step opens first', () => expect(openStepOf(run, undefined)?.step).toBe('send'));
test('of several the one that the run failed for opens first, not one that may fail', () => {
  const [read, send] = run.steps;
  const soft = { ...read, state: 'failed', error: { message: 'late' } };
  const failed = { error: { message: 'refused' }, steps: [soft, { ...send, error: { message: 'refused' } }] } as unknown as Run;
  expect(openStepOf(failed, undefined)?.step).toBe('send');
});
test('a chosen step is the one that opens', () => expect(openStepOf(run, 'read')?.step).toBe('read'));
test('closed on purpose stays closed', () => expect(openStepOf(run, '-')).toBeNull());
test('a step that is not there opens nothing', () => expect(openStepOf(run, 'gone')).toBeNull());
