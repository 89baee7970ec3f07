import { expect, it } from 'vitest';
import { instantIn, localIn, shownDates, stepped } from './local-moment.ts';

it('shows whole weeks from Monday', () => {
  expect(shownDates('2026-12-15', 'month')).toHaveLength(35);
  expect(shownDates('2026-12-15', 'month')[0]).toBe('2026-11-30');
  expect(shownDates('2026-02-01', 'month')).toHaveLength(35);
  expect(shownDates('2026-12-27', 'week')).toEqual(['2026-12-21', '2026-12-22', '2026-12-23', '2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27']);
});
it('steps by months and weeks', () => {
  expect(stepped('2026-12-31', { view: 'month', by: 1 })).toBe('2027-01-01');
  expect(stepped('2026-12-31', { view: 'week', by: -1 })).toBe('2026-12-24');
});
it('reads the clocks of a zone both ways, also where they change', () => {
  for (const [zone, local, instant] of [
    ['Europe/Paris', '2026-12-28T18:00:00', '2026-12-28T17:00:00.000Z'],
    ['Asia/Kathmandu', '2026-06-01T09:30:00', '2026-06-01T03:45:00.000Z'],
    ['America/New_York', '2026-07-04T00:00:00', '2026-07-04T04:00:00.000Z'],
  ] as const) {
    expect(instantIn(zone, local)).toBe(instant);
    expect(localIn(zone, instant)).toBe(local);
  }
  expect(instantIn('Europe/Paris', '2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z');
});
