import { describe, expect, it } from 'vitest';
import { CalendarDefinition } from './calendar.ts';
import { ScheduleTiming } from './schedule.ts';

// A key that is written wrong was left out in silence, and the rule meant something else.
describe('a key that there is not is refused, and named', () => {
  const fine = { timeZone: 'UTC', rules: [{ kind: 'interval', every: 6, unit: 'hours', from: '2026-01-01T00:00' }] };
  it.each([
    ['rules.0', { ...fine, rules: [{ kind: 'interval', every: 6, unit: 'hours', start: '2026-01-01T00:00' }] }],
    ['exclusions.0', { ...fine, exclusions: [{ kind: 'calendar', calendar: 'TARGET', year: 2026 }] }],
    ['windows.0', { ...fine, windows: [{ from: '08:00', to: '18:00', days: ['monday'] }] }],
    ['policies', { ...fine, policies: { missfire: 'skip' } }],
  ])('of a schedule, in %s', (path, given) => {
    expect(ScheduleTiming.safeParse(fine).success).toBe(true);
    expect(ScheduleTiming.safeParse(given).error?.issues).toMatchObject([{ code: 'unrecognized_keys', path: path.split('.').map(numbered) }]);
  });

  const rule = { kind: 'easter', name: 'Good Friday', days: -2 };
  it.each([
    ['rules.0', { rules: [{ ...rule, execpt: [2027] }] }],
    ['rules.0.from', { rules: [{ kind: 'minus', from: { ...rule, until: 2027 }, without: [rule] }] }],
    ['years', { rules: [rule], years: { until: 2030 } }],
  ])('of a calendar, in %s', (path, given) => {
    expect(CalendarDefinition.safeParse({ rules: [rule] }).success).toBe(true);
    expect(CalendarDefinition.safeParse(given).error?.issues).toMatchObject([{ code: 'unrecognized_keys', path: path.split('.').map(numbered) }]);
  });
});

function numbered(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key;
}
