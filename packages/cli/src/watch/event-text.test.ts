import type { RunEvent } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { eventText, logText } from './event-text.ts';

const event = (type: RunEvent['type'], data: RunEvent['data']): RunEvent => ({ run: 'r', seq: 1, at: '2026-11-20T15:25:19.000Z', type, step: 'send', data });

test('a retry says its reason once, a later attempt its number', () => {
  const reason = 'attempt 1 of 4 failed: Nothing listens.; next at 2026-11-20T15:25:21.328Z';
  expect(eventText(event('step.retrying', { attempt: 1, error: { message: 'Nothing listens.' }, reason }))).toMatch(/retrying {2}attempt 1 of 4[^,]*$/);
  expect(eventText(event('step.started', { attempt: 2 }))).toMatch(/started {2}attempt 2$/);
  expect(eventText(event('step.started', { attempt: 1 }))).toMatch(/started$/);
  expect(eventText(event('step.failed', { error: { message: 'It broke.' } }))).toMatch(/failed {2}It broke\.$/);
});

test('progress is told in figures', () => {
  expect(eventText(event('step.progressed', { items: 2, total: 8, unit: 'items', percent: 25, remainingMs: 30_000, attempt: 1 }))).toMatch(
    /send {2}progressed {2}25 %, 2 of 8 items, about 30 s left$/,
  );
});

test('colours of a line come through where colours show, and nothing else ever does', () => {
  const esc = '\u001b';
  const line = {
    run: 'r',
    seq: 1,
    step: 'send',
    attempt: 1,
    at: '2026-11-20T15:25:19.000Z',
    level: 'info' as const,
    text: `${esc}[31mred${esc}[2J${esc}]0;x\u0007\nnext`,
  };
  expect(logText(line, true)).toContain(`send  ${esc}[31mred next${esc}[0m`);
  expect(logText(line, false)).toMatch(/send {2}red next$/);
});
