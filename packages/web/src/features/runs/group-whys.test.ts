import type { StepWhy } from '@tidewheel/contract/routes/run-why';
import { expect, test } from 'vitest';
import { groupWhys } from './group-whys.ts';

function why(step: string, text: string, more: Partial<StepWhy> = {}): StepWhy {
  const reason = { code: 'predecessor' as const, text, since: null, until: null, by: null, change: null, figures: {} };
  return { step, state: 'pending', reason, retries: [], attemptsLeft: 1, ...more };
}

test('steps with the same reason and state are told together, but for those that were tried again', () => {
  const retries = [{ attempt: 1, at: '2026-11-20T12:00:00.000Z', nextAt: '2026-11-20T12:00:10.000Z', code: 'x', message: 'y' }];
  const steps = [
    why('a', 'one'),
    why('b', 'two'),
    why('c', 'one'),
    why('d', 'one', { state: 'ready' }),
    why('e', 'one', { retries }),
    why('f', 'one', { retries }),
  ];
  expect(groupWhys(steps).map((group) => group.map(({ step }) => step))).toEqual([['a', 'c'], ['b'], ['d'], ['e'], ['f']]);
});
