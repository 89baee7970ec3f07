// Rules as they begin in the form, and the patterns that write a cron expression.
import type { ScheduleDefinition, ScheduleExclusion, SchedulePolicies, ScheduleRule } from '@tidewheel/contract/schedule';

export const ruleTitles: Record<ScheduleRule['kind'], string> = {
  businessDays: 'Every business day',
  nthBusinessDay: 'Nth business day of a month',
  afterPeriod: 'T+n: business days after a period',
  cron: 'Days and times (cron)',
  interval: 'Every so often',
  rrule: 'Recurrence (RRULE)',
};

export function newRule(kind: ScheduleRule['kind']): ScheduleRule {
  const today = new Date().toISOString().slice(0, 10);
  switch (kind) {
    case 'businessDays':
      return { kind, at: ['18:00'] };
    case 'nthBusinessDay':
      return { kind, nth: 1, at: ['08:00'] };
    case 'afterPeriod':
      return { kind, period: 'month', days: 1, at: ['18:00'] };
    case 'cron':
      return { kind, expression: '0 18 * * 1-5' };
    case 'interval':
      return { kind, every: 15, unit: 'minutes', from: `${today}T00:00` };
    case 'rrule':
      return { kind, rule: 'FREQ=MONTHLY;BYDAY=-1FR', start: `${today}T09:00` };
  }
}

export const exclusionTitles: Record<ScheduleExclusion['kind'], string> = {
  calendar: 'Days off of a calendar',
  dates: 'Single dates',
  blackout: 'A time in between',
};

export function newExclusion(kind: ScheduleExclusion['kind']): ScheduleExclusion {
  const today = new Date().toISOString().slice(0, 10);
  if (kind === 'calendar') return { kind, calendar: 'TARGET' };
  return kind === 'dates' ? { kind, dates: [today] } : { kind, from: today, to: today, reason: 'Blackout' };
}

const policies: SchedulePolicies = { gap: 'runAfter', overlap: 'once', misfire: 'runOnce', graceSeconds: 60, catchUp: 20, runs: 'flow' };

export function newDefinition(flow: string): ScheduleDefinition {
  return {
    title: '',
    description: null,
    flow,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    rules: [newRule('cron')],
    calendar: null,
    exclusions: [],
    nonBusinessDay: 'skip',
    windows: [],
    from: null,
    to: null,
    parameters: {},
    policies,
  };
}

/** What the form of a cron expression offers; `time` is `HH:MM`. */
export const cronPatterns = [
  { value: '* * *', label: 'every day' },
  { value: '* * 1-5', label: 'Monday to Friday' },
  { value: '* * 1', label: 'every Monday' },
  { value: '* * 5', label: 'every Friday' },
  { value: '1 * *', label: 'on the 1st of each month' },
  { value: '15 * *', label: 'on the 15th of each month' },
  { value: 'L * *', label: 'on the last day of each month' },
  { value: '* * 1#1', label: 'on the first Monday of each month' },
] as const;

export function cronParts(expression: string): { time: string; days: string } | null {
  const [, minute, hour, days] = /^(\d{1,2}) (\d{1,2}) (\S+ \S+ \S+)$/.exec(expression.trim()) ?? [];
  if (minute === undefined || hour === undefined || days === undefined || !cronPatterns.some(({ value }) => value === days)) return null;
  return { time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`, days };
}
export function cronOf({ time, days }: { time: string; days: string }): string {
  const [hour = '0', minute = '0'] = time.split(':');
  return `${Number(minute)} ${Number(hour)} ${days}`;
}
