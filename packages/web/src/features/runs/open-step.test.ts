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
test('a chosen step is the one that opens', () => expect(openStepOf(run, 'read')?.step).toBe('read'));
test('closed on purpose stays closed', () => expect(openStepOf(run, '-')).toBeNull());
test('a step that is not there opens nothing', () => expect(openStepOf(run, 'gone')).toBeNull());
