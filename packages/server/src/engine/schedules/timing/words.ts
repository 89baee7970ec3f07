// Rules in words.
import type { ScheduleRule } from '@tidewheel/contract/schedule';
import cronstrue from 'cronstrue';
import { RRuleTemporal } from 'rrule-temporal';
import { toText } from 'rrule-temporal/totext';

export function ruleWords(rule: ScheduleRule, calendar: string | null): string {
  switch (rule.kind) {
    case 'cron':
      return cronWords(rule.expression);
    case 'rrule':
      return recurrenceWords(rule);
    case 'businessDays': {
      const days = rule.weekdays ? `every business day that is a ${list(rule.weekdays, 'or')}` : 'every business day';
      return `At ${list(rule.at)}, ${days} of ${rule.calendar ?? calendar ?? '?'}`;
    }
    case 'nthBusinessDay': {
      const only = rule.months ? `, only in ${list(rule.months.map(monthName))}` : '';
      return `At ${list(rule.at)}, on the ${nth(rule.nth)} of the month in ${rule.calendar ?? calendar ?? '?'}${only}`;
    }
    case 'afterPeriod':
      return `At ${list(rule.at)}, on ${afterPeriod(rule)}, business days of ${rule.calendar ?? calendar ?? '?'}`;
    case 'interval':
      return `Every ${rule.every === 1 ? rule.unit.slice(0, -1) : `${rule.every} ${rule.unit}`}, counted from ${rule.from.replace('T', ' ')}`;
  }
}

function cronWords(expression: string): string {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
  } catch {
    return `cron ${expression}`;
  }
}

function recurrenceWords({ rule, start }: Extract<ScheduleRule, { kind: 'rrule' }>): string {
  const begin = `${start.replace(/[-:]/g, '').padEnd(15, '0')}Z`;
  try {
    const text = toText(
      new RRuleTemporal({ rruleString: `DTSTART:${begin}\nRRULE:${rule.replace(/^RRULE:/i, '').replace(/(UNTIL=\d{8}T\d{6})(?!Z)/i, '$1Z')}` }),
    );
    const words = text.replace(/ UTC/g, '').replace(/ at [\d: APM]+$/, '');
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/BYHOUR|BYMINUTE|HOURLY|MINUTELY/i.test(rule) ? '' : ` at ${start.slice(11)}`}`;
  } catch {
    return `recurrence ${rule}`;
  }
}

function nth(value: number): string {
  if (value === -1) return 'last business day';
  return value < 0 ? `${ordinal(-value)} last business day` : `${ordinal(value)} business day`;
}
function ordinal(value: number): string {
  const tail = value % 100 >= 11 && value % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${tail}`;
}
function afterPeriod({ period, days }: Extract<ScheduleRule, { kind: 'afterPeriod' }>): string {
  if (days === 0) return `the last business day of each ${period}`;
  return `T${days > 0 ? '+' : '-'}${Math.abs(days)}: ${Math.abs(days)} business ${Math.abs(days) === 1 ? 'day' : 'days'} ${days > 0 ? 'after' : 'before'} the end of each ${period}`;
}
function monthName(month: number): string {
  return new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, 1));
}
function list(items: readonly (string | number)[], word = 'and'): string {
  return items.length < 2 ? String(items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}
