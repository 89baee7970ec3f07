// What a rule is before anything is filled in, and the choice of kinds.
import type { CalendarRule } from '@tidewheel/contract/calendar';

export const kindTitles: Record<CalendarRule['kind'], string> = {
  calendar: 'Another calendar or market',
  country: 'Holidays of a country',
  weekend: 'Weekend',
  countryWeekend: 'Weekend of a country',
  fixed: 'The same date every year',
  nthWeekday: 'A weekday of a month',
  easter: 'A day that moves with Easter',
  dates: 'Single days',
  blackout: 'Blackout',
  union: 'Off in any of …',
  intersection: 'Off in all of …',
  minus: '… without …',
  shift: 'Moved by some days',
};

export const simpleKinds = ['calendar', 'country', 'weekend', 'countryWeekend', 'fixed', 'nthWeekday', 'easter', 'dates', 'blackout'] as const;
export const combinedKinds = ['union', 'intersection', 'minus', 'shift'] as const;

/** Rules may stand in one another so deep. */
export const deepest = 4;

export function newRule(kind: CalendarRule['kind']): CalendarRule {
  const today = new Date().toISOString().slice(0, 10);
  switch (kind) {
    case 'calendar':
      return { kind, calendar: 'TARGET' };
    case 'country':
      return { kind, country: 'DE' };
    case 'weekend':
      return { kind, days: ['saturday', 'sunday'] };
    case 'countryWeekend':
      return { kind, country: 'DE' };
    case 'fixed':
      return { kind, name: '', month: 1, day: 1, observed: 'none' };
    case 'nthWeekday':
      return { kind, name: '', month: 1, weekday: 'monday', nth: 1 };
    case 'easter':
      return { kind, name: 'Good Friday', days: -2 };
    case 'dates':
      return { kind, dates: [{ date: today, name: '' }] };
    case 'blackout':
      return { kind, from: today, to: today, reason: '' };
    case 'union':
    case 'intersection':
      return { kind, of: [newRule('calendar'), newRule('weekend')] };
    case 'minus':
      return { kind, from: newRule('weekend'), without: [newRule('dates')] };
    case 'shift':
      return { kind, days: 1, rule: newRule('calendar') };
  }
}

/** Names stand for something only when they are filled in: before that the rules cannot be looked at. */
export function isComplete(rule: CalendarRule): boolean {
  switch (rule.kind) {
    case 'fixed':
    case 'nthWeekday':
    case 'easter':
      return rule.name.trim() !== '';
    case 'weekend':
      return rule.days.length > 0;
    case 'dates':
      return rule.dates.every(({ date, name }) => date !== '' && name.trim() !== '');
    case 'blackout':
      return rule.reason.trim() !== '' && rule.from !== '' && rule.to !== '';
    case 'union':
    case 'intersection':
      return rule.of.length > 0 && rule.of.every(isComplete);
    case 'minus':
      return isComplete(rule.from) && rule.without.length > 0 && rule.without.every(isComplete);
    case 'shift':
      return isComplete(rule.rule);
    default:
      return true;
  }
}
