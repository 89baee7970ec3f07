import type { RunEvent } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { eventText } from './event-text.ts';

const event = (type: RunEvent['type'], data: RunEvent['data']): RunEvent => ({ run: 'r', seq: 1, at: '2026-11-20T15:25:19.000Z', type, step: 'send', data });

test('a retry says its reason once, a later attempt its number', () => {
  const reason = 'attempt 1 of 4 failed: Nothing listens.; next at 2026-11-20T15:25:21.328Z';
  expect(eventText(event('step.retrying', { attempt: 1, error: { message: 'Nothing listens.' }, reason }))).toMatch(/retrying {2}attempt 1 of 4[^,]*$/);
  expect(eventText(event('step.started', { attempt: 2 }))).toMatch(/started {2}attempt 2$/);
  expect(eventText(event('step.started', { attempt: 1 }))).toMatch(/started$/);
  expect(eventText(event('step.failed', { error: { message: 'It broke.' } }))).toMatch(/failed {2}It broke\.$/);
});
