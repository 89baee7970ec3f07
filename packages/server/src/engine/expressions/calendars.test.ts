import { describe, expect, it } from 'vitest';
import { CalendarBook } from '../../platform/calendars/book.ts';
import { calendarNamesIn } from './calendar-names.ts';
import { compile } from './compile.ts';
import { evaluate, evaluateCondition, renderTemplate } from './evaluate.ts';
import type { Scope } from './scope.ts';

const calendars = new CalendarBook(
  new Map([
    [
      'desk',
      {
        rules: [
          { kind: 'calendar', calendar: 'TARGET' },
          { kind: 'blackout', from: '2026-12-28', to: '2026-12-31', reason: 'year end' },
        ],
      },
    ],
    ['never', { rules: [{ kind: 'weekend', days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] }] }],
  ]),
);
const scope: Scope = {
  parameters: { which: 'desk', day: '2026-12-24', days: ['2026-12-24', '2026-12-25', '2026-12-28'] },
  steps: new Map(),
  run: { id: '', number: 1, flow: 'f' },
  now: new Date('2026-12-27T12:00:00Z'),
  today: '2026-12-27',
  calendars,
};

describe('calendars in expressions', () => {
  it.each([
    ['calendar("TARGET").previous(today)', '2026-12-24'],
    ['calendar("TARGET").add("2026-04-02", 2)', '2026-04-08'],
    ['calendar("desk").next(today)', '2027-01-04'],
    ['calendar("desk").isBusinessDay("2026-12-28")', false],
    ['calendar("desk").why("2026-12-28")', 'blackout: year end'],
    ['calendar("TARGET").why("2026-12-28")', null],
    ['calendar("desk").nth("2026-12", -1)', '2026-12-24'],
    ['calendar("desk").nth(day, 1)', '2026-12-01'],
    ['calendar("desk").nth("2026-12", 30)', null],
    ['calendar("desk").roll("2026-12-28", "modifiedFollowing")', '2026-12-24'],
    ['calendar("TARGET").between("2026-12-24", "2027-01-04")', 5],
    ['calendar(which).add(day, 1).addDays(1)', '2027-01-05'],
    ['days.filter(d, calendar("desk").isBusinessDay(d))', ['2026-12-24']],
    ['calendar("NYSE").add(calendar("TARGET").add("2026-07-01", 1), 1)', '2026-07-06'],
  ])('%s', (expression, value) => expect(evaluate(expression, scope)).toEqual(value));

  it('stand in conditions and templates', () => {
    expect(evaluateCondition('calendar("desk").isBusinessDay(today)', scope)).toBe(false);
    expect(renderTemplate('to {{ calendar("desk").previous(today) }}', scope)).toBe('to 2026-12-24');
  });
  it.each([
    ['calendar("TARGT").next(today)', 'calendar.unknown', /did you mean "TARGET"/],
    ['calendar("never").next(today)', 'calendar.no_business_day', /within 1000 days/],
    ['calendar("TARGET").next("2001-01-01")', 'calendar.years', /known from 2002/],
    ['calendar("TARGET").next("tomorrow")', 'calendar.date', /no date "tomorrow"/],
    ['calendar("TARGET").roll(today, "sideways")', 'expression.convention', /no way to roll/],
    ['calendar("TARGET").add(today, 20000)', 'calendar.too_far', /further/],
    ['calendar("TARGET").nth("2026", 1)', 'calendar.date', /no date/],
    ['{"calendar": 7}.next(today)', 'expression.calendar', /no calendar/],
    ['{"calendar": "nowhere"}.next(today)', 'calendar.unknown', /nowhere/],
    ['days.map(d, days.map(e, days.map(f, days.map(g, days.map(h, calendar("desk").add("2003-01-01", 9000))))))', 'expression.too_costly', /too much work/],
  ])('%s fails with %s', (expression, code, message) => {
    expect(() => evaluate(expression, scope)).toThrowError(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
  it('what is built in is there also where nobody told which calendars there are', () => {
    expect(evaluate('calendar("TARGET").next("2026-12-24")', { ...scope, calendars: undefined })).toBe('2026-12-28');
    expect(() => evaluate('calendar("desk").next(today)', { ...scope, calendars: undefined })).toThrowError(/no calendar "desk"/);
  });
});

describe('the names of calendars', () => {
  it('are known of an expression, when they are written down', () => {
    expect(compile('calendar("A").next(calendar(\'B\').next(today))').calendars).toEqual(new Set(['A', 'B']));
    expect(compile('calendar(which).next(today)').calendars).toEqual(new Set());
    expect(compile('which + "calendar(1)"').calendars).toBeNull();
    expect(compile('run.calendar').calendars).toBeNull();
  });
  it('and of a document as a whole', () => {
    expect(calendarNamesIn({ a: 'x', b: [1, null] })).toBeNull();
    expect(calendarNamesIn({ a: '{{ calendar("A").next(today) }}', b: { c: ["calendar('B')"] } })).toEqual(['A', 'B']);
    expect(calendarNamesIn({ a: 'calendar("A")', b: 'calendar(which)' })).toBe('all');
    expect(calendarNamesIn({ a: 'the calendar of 2026' })).toBeNull();
  });
});
