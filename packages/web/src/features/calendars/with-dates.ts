// Dates of a file among the rules: the first list of days takes them in, or a new one.
import type { CalendarRule } from '@tidewheel/contract/calendar';

type Dates = Extract<CalendarRule, { kind: 'dates' }>['dates'];

export function withDates(rules: readonly CalendarRule[], dates: Dates): CalendarRule[] {
  const at = rules.findIndex(({ kind }) => kind === 'dates');
  const before = rules[at];
  const kept = before?.kind === 'dates' ? before.dates : [];
  const merged = new Map([...kept, ...dates].map((one) => [one.date, one]));
  const list: CalendarRule = { kind: 'dates', dates: [...merged.values()].sort((a, b) => (a.date < b.date ? -1 : 1)) };
  return at < 0 ? [...rules, list] : rules.with(at, list);
}
