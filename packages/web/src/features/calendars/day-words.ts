// Days off as people read them.
import type { CalendarRule, DayOff } from '@tidewheel/contract/calendar';

/** What a day is shown as: its weightiest reason, which comes first. */
export function kindOf(reasons: readonly DayOff[] | undefined): DayOff['kind'] | null {
  return reasons?.[0]?.kind ?? null;
}

export function reasonText(reasons: readonly DayOff[] | undefined): string {
  return (reasons ?? []).map(({ kind, name }) => (kind === 'blackout' ? `blackout: ${name}` : name)).join(', ');
}

const dateForm = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export function dateText(date: string): string {
  return dateForm.format(new Date(`${date}T00:00:00Z`));
}

export const monthNames = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, month, 1))),
);

export const observances = {
  none: 'stays there',
  nearestWeekday: 'Saturday to Friday, Sunday to Monday',
  sundayToMonday: 'Sunday to Monday',
  nextWeekday: 'the next free weekday',
} as const;

export const ordinals: Record<string, string> = { '1': 'first', '2': 'second', '3': 'third', '4': 'fourth', '5': 'fifth', '-1': 'last', '-2': 'last but one' };

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A rule in a sentence. */
export function ruleText(rule: CalendarRule): string {
  switch (rule.kind) {
    case 'weekend':
      return `Every ${rule.days.map(capital).join(', ')}`;
    case 'countryWeekend':
      return `The weekend of ${countryName(rule.country)}`;
    case 'country':
      return `Holidays of ${countryName(rule.country)}${rule.region ? `, ${rule.region}` : ''}${rule.bank ? ', with those of banks' : ''}`;
    case 'fixed':
      return `${rule.name}: ${rule.day} ${monthNames[rule.month - 1]}${rule.observed && rule.observed !== 'none' ? `; on a weekend ${observances[rule.observed]}` : ''}${yearsText(rule)}`;
    case 'nthWeekday':
      return `${rule.name}: ${ordinals[String(rule.nth)] ?? `number ${rule.nth}`} ${capital(rule.weekday)} of ${monthNames[rule.month - 1]}${yearsText(rule)}`;
    case 'easter':
      return `${rule.name}: ${easterText(rule.days)}${rule.church === 'orthodox' ? ' (orthodox)' : ''}${yearsText(rule)}`;
    case 'dates':
      return rule.dates.length === 1 ? `${rule.dates[0]?.date}: ${rule.dates[0]?.name}` : `${rule.dates.length.toLocaleString('en')} single days`;
    case 'blackout':
      return `Blackout ${rule.from} to ${rule.to}: ${rule.reason}`;
    case 'calendar':
      return `Days off of the calendar ${rule.calendar}`;
    case 'union':
      return `Off in any of: ${rule.of.map(ruleText).join('; ')}`;
    case 'intersection':
      return `Off in all of: ${rule.of.map(ruleText).join('; ')}`;
    case 'minus':
      return `${ruleText(rule.from)}, without: ${rule.without.map(ruleText).join('; ')}`;
    case 'shift':
      return `${ruleText(rule.rule)}, moved by ${rule.days} ${Math.abs(rule.days) === 1 ? 'day' : 'days'}`;
  }
}

function easterText(days: number): string {
  if (days === 0) return 'Easter Sunday';
  return `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'} ${days > 0 ? 'after' : 'before'} Easter Sunday`;
}

function yearsText({ from, to, except }: { from?: number | undefined; to?: number | undefined; except?: number[] | undefined }): string {
  const parts = [...(from ? [`from ${from}`] : []), ...(to ? [`until ${to}`] : []), ...(except?.length ? [`except ${except.join(', ')}`] : [])];
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}

const regions = new Intl.DisplayNames('en', { type: 'region' });
function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code;
}
