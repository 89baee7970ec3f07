// When schedules fire, by hand-made tables: the changes of clocks, days that are off, leap days, and what can never happen.
import { describe, expect, it } from 'vitest';
import { explainDate } from './explain.ts';
import { whyNever } from './never.ts';
import { ahead, viewPlanned } from './search.ts';
import { at, localTimes, timingOf } from './testing/timing-of.ts';
import { toDay } from './wall.ts';

const daily = (time: string) => ({ kind: 'cron' as const, expression: `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * *` });

describe('where the clocks leap', () => {
  it.each([
    ['Europe/London', '2026-03-29', '01:30', '2026-03-29T01:00:00Z'],
    ['Europe/Dublin', '2026-03-29', '01:30', '2026-03-29T01:00:00Z'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00Z'],
    ['Pacific/Chatham', '2026-09-27', '03:00', '2026-09-26T14:00:00Z'],
    ['Africa/Cairo', '2026-04-24', '00:30', '2026-04-23T22:00:00Z'],
    ['America/Havana', '2026-03-08', '00:30', '2026-03-08T05:00:00Z'],
    ['America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00:00Z'],
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T10:00:00Z'],
    ['Africa/Casablanca', '2026-03-22', '02:30', '2026-03-22T02:00:00Z'],
  ])('%s on %s: %s fires at the first moment after, or not at all', (timeZone, date, time, instant) => {
    const span = { from: new Date(Date.parse(instant) - 3_600_000).toISOString(), to: new Date(Date.parse(instant) + 3_600_000).toISOString() };
    expect(localTimes(timingOf({ timeZone, rules: [daily(time)] }), span), date).toEqual([instant]);
    expect(localTimes(timingOf({ timeZone, rules: [daily(time)], policies: { gap: 'skip' } }), span)).toEqual([]);
  });

  it('several times that are leapt over, and the one after, are one', () => {
    const timing = timingOf({ timeZone: 'Europe/Paris', rules: [{ kind: 'cron', expression: '*/15 * * * *' }, daily('02:10')] });
    const found = localTimes(timing, { from: '2026-03-29T00:30:00Z', to: '2026-03-29T01:30:00Z' });
    expect(found).toEqual(['2026-03-29T00:30:00Z', '2026-03-29T00:45:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:15:00Z']);
  });
});

describe('where the clocks go back', () => {
  it.each([
    ['Europe/London', '01:30', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['America/New_York', '01:30', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
    ['Australia/Lord_Howe', '01:45', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
    ['Pacific/Chatham', '03:00', '2026-04-04T13:15:00Z', '2026-04-04T14:15:00Z'],
    ['Africa/Cairo', '23:30', '2026-10-29T20:30:00Z', '2026-10-29T21:30:00Z'],
    ['America/Havana', '00:30', '2026-11-01T04:30:00Z', '2026-11-01T05:30:00Z'],
    ['Africa/Casablanca', '02:30', '2026-02-15T01:30:00Z', '2026-02-15T02:30:00Z'],
  ])('%s: %s fires the first time only, or both times', (timeZone, time, first, second) => {
    const span = { from: new Date(Date.parse(first) - 3_600_000).toISOString(), to: new Date(Date.parse(second) + 3_600_000).toISOString() };
    expect(localTimes(timingOf({ timeZone, rules: [daily(time)] }), span)).toEqual([first]);
    expect(localTimes(timingOf({ timeZone, rules: [daily(time)], policies: { overlap: 'twice' } }), span)).toEqual([first, second]);
    // Asked in the second hour, what was shown in the first is not shown for the first time.
    expect(localTimes(timingOf({ timeZone, rules: [daily(time)] }), { ...span, from: new Date(Date.parse(second) - 600_000).toISOString() })).toEqual([]);
  });
});

describe('days that are off', () => {
  const rules = [daily('18:00')];
  const christmas = { from: '2026-12-24T00:00:00Z', to: '2026-12-30T00:00:00Z' };
  it.each([
    ['run', ['24', '25', '26', '27', '28', '29']],
    ['skip', ['24', '28', '29']],
    ['following', ['24', '28', '29']],
    ['preceding', ['24', '28', '29']],
  ] as const)('%s', (nonBusinessDay, days) => {
    expect(localTimes(timingOf({ rules, calendar: 'TARGET', nonBusinessDay }), christmas)).toEqual(days.map((day) => `2026-12-${day}T18:00:00Z`));
  });

  it('what is moved keeps its time, says where from, and is one with what is there', () => {
    const timing = timingOf({ rules: [{ kind: 'cron', expression: '0 9 25 * *' }], calendar: 'TARGET', nonBusinessDay: 'following' });
    const [next] = ahead(timing, { from: at('2026-12-01T00:00:00Z'), most: 1 }).items.map((one) => viewPlanned(timing, one));
    expect(next).toMatchObject({ local: '2026-12-28T09:00:00+00:00', businessDate: '2026-12-28' });
    expect(next?.explanation).toContain('Moved from 2026-12-25, which is off: Christmas Day');
  });

  it('a month end stays in its month', () => {
    const of = (nonBusinessDay: 'following' | 'modifiedFollowing') =>
      timingOf({ rules: [{ kind: 'cron', expression: '0 9 31 * *' }], calendar: 'TARGET', nonBusinessDay });
    const may = { from: '2026-05-01T00:00:00Z', to: '2026-06-05T00:00:00Z' };
    expect(localTimes(of('following'), may)).toEqual(['2026-06-01T09:00:00Z']);
    expect(localTimes(of('modifiedFollowing'), may)).toEqual(['2026-05-29T09:00:00Z']);
  });

  it('dates and blackouts of the schedule itself, and an interval is never moved', () => {
    const exclusions = [
      { kind: 'dates' as const, dates: ['2026-06-02'] },
      { kind: 'blackout' as const, from: '2026-06-04', to: '2026-06-05', reason: 'stocktaking' },
    ];
    const days = { from: '2026-06-01T00:00:00Z', to: '2026-06-07T00:00:00Z' };
    expect(localTimes(timingOf({ rules: [daily('09:00')], exclusions }), days)).toEqual([
      '2026-06-01T09:00:00Z',
      '2026-06-03T09:00:00Z',
      '2026-06-06T09:00:00Z',
    ]);
    const half = timingOf({ rules: [{ kind: 'interval', every: 12, unit: 'hours' }], exclusions, nonBusinessDay: 'following' });
    expect(localTimes(half, days).map((time) => time.slice(8, 13))).toEqual(['01T00', '01T12', '03T00', '03T12', '06T00', '06T12']);
  });
});

describe('business days', () => {
  it('counts them from both ends of a month', () => {
    const of = (nth: number) => timingOf({ rules: [{ kind: 'nthBusinessDay', nth, at: ['08:00'] }], calendar: 'TARGET' });
    const year = { from: '2026-01-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
    expect(localTimes(of(1), year).map((time) => time.slice(5, 10))).toEqual(['01-02', '02-02', '03-02', '04-01', '05-04']);
    expect(localTimes(of(-1), year).map((time) => time.slice(5, 10))).toEqual(['01-30', '02-27', '03-31', '04-30', '05-29']);
  });

  it('T+n is about the last business day of its period', () => {
    const of = (period: 'day' | 'month' | 'quarter', days: number) =>
      timingOf({ rules: [{ kind: 'afterPeriod', period, days, at: ['18:00'] }], calendar: 'TARGET' });
    const shown = (timing: ReturnType<typeof of>, most: number) =>
      ahead(timing, { from: at('2026-12-23T00:00:00Z'), most })
        .items.map((one) => viewPlanned(timing, one))
        .map(({ local, businessDate }) => `${local.slice(0, 10)} for ${businessDate}`);
    expect(shown(of('day', 1), 4)).toEqual([
      '2026-12-23 for 2026-12-22',
      '2026-12-24 for 2026-12-23',
      '2026-12-28 for 2026-12-24',
      '2026-12-29 for 2026-12-28',
    ]);
    expect(shown(of('month', 2), 2)).toEqual(['2027-01-05 for 2026-12-31', '2027-02-02 for 2027-01-29']);
    expect(shown(of('quarter', 0), 2)).toEqual(['2026-12-31 for 2026-12-31', '2027-03-31 for 2027-03-31']);
    expect(shown(of('month', -1), 1)).toEqual(['2026-12-30 for 2026-12-31']);
  });
});

describe('leap days and other rarities', () => {
  it('29 February comes every four years, and skips 2100', () => {
    const timing = timingOf({ rules: [{ kind: 'cron', expression: '0 0 29 2 *' }] });
    expect(localTimes(timing, { from: '2094-01-01T00:00:00Z', to: '2109-01-01T00:00:00Z' })).toEqual([
      '2096-02-29T00:00:00Z',
      '2104-02-29T00:00:00Z',
      '2108-02-29T00:00:00Z',
    ]);
    expect(whyNever(timing, at('2026-03-01T00:00:00Z'))).toBeNull();
  });
  it('L, W, #, seconds', () => {
    const of = (expression: string) => timingOf({ rules: [{ kind: 'cron', expression }] });
    const span = { from: '2026-08-01T00:00:00Z', to: '2026-09-01T00:00:00Z' };
    expect(localTimes(of('0 9 L * *'), span)).toEqual(['2026-08-31T09:00:00Z']);
    expect(localTimes(of('0 9 15W * *'), span)).toEqual(['2026-08-14T09:00:00Z']);
    expect(localTimes(of('0 9 * * 1#2'), span)).toEqual(['2026-08-10T09:00:00Z']);
    expect(localTimes(of('*/20 0 9 1 * *'), span)).toEqual(['2026-08-01T09:00:00Z', '2026-08-01T09:00:20Z', '2026-08-01T09:00:40Z']);
  });
  it('UNTIL is an instant, COUNT counts from the start', () => {
    const of = (rule: string) => timingOf({ timeZone: 'America/New_York', rules: [{ kind: 'rrule', rule, start: '2026-01-01T09:00' }] });
    const span = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
    expect(localTimes(of('FREQ=DAILY;UNTIL=20260103T140000Z'), span)).toHaveLength(3);
    expect(localTimes(of('RRULE:FREQ=DAILY;UNTIL=20260103T135959Z'), span)).toHaveLength(2);
    expect(localTimes(of('FREQ=WEEKLY;COUNT=2'), span)).toEqual(['2026-01-01T14:00:00Z', '2026-01-08T14:00:00Z']);
  });
});

describe('what can never fire', () => {
  const now = at('2026-11-20T12:00:00Z');
  it.each([
    ['a date that no year has', { rules: [{ kind: 'cron', expression: '0 0 30 2 *' }] }, 'No rule names any moment to come.'],
    ['its days are over', { rules: [daily('09:00')], to: '2026-11-19' }, 'Its last day, 2026-11-19, is before the first moment that its rules name.'],
    [
      'an UNTIL that is over',
      { rules: [{ kind: 'rrule', rule: 'FREQ=DAILY;UNTIL=20200101', start: '2019-01-01T09:00' }] },
      'No rule names any moment to come.',
    ],
    [
      'only on days that are off',
      { rules: [{ kind: 'cron', expression: '0 9 25 12 *' }], calendar: 'TARGET' },
      'Everything that its rules name is left out; the first: Not fired: 2026-12-25 is Christmas Day',
    ],
    ['outside of its windows', { rules: [daily('09:00')], windows: [{ from: '10:00', to: '12:00' }] }, 'outside of the windows'],
    [
      'hours outside of its windows',
      { rules: [{ kind: 'interval', every: 24, unit: 'hours' }], windows: [{ from: '10:00', to: '12:00' }] },
      'outside of its windows',
    ],
  ] as const)('%s', (_, given, why) => {
    expect(whyNever(timingOf(structuredClone(given) as never), now)).toContain(why);
  });
  it.each([
    [{ kind: 'cron', expression: '61 * * * *' }, 'schedule.cron'],
    [{ kind: 'cron', expression: '* * *' }, 'schedule.cron'],
    [{ kind: 'cron', expression: '0 0 1 1 * 2030' }, 'schedule.cron'],
    [{ kind: 'rrule', rule: 'FREQ=NEVER', start: '2026-01-01T09:00' }, 'schedule.rrule'],
    [{ kind: 'rrule', rule: 'FREQ=SECONDLY', start: '2026-01-01T09:00' }, 'schedule.rrule'],
    [{ kind: 'businessDays', at: ['09:00'] }, 'schedule.no_calendar'],
    [{ kind: 'businessDays', at: ['09:00'], calendar: 'MARS' }, 'schedule.calendar'],
  ] as const)('%j is refused', (rule, code) => {
    expect(() => timingOf({ rules: [structuredClone(rule) as never] })).toThrow(expect.objectContaining({ code }));
  });
});

describe('why on a date', () => {
  const timing = timingOf({ rules: [daily('18:00')], calendar: 'TARGET', nonBusinessDay: 'following', timeZone: 'Europe/Paris' });
  const explain = (date: string) => explainDate(timing, { day: toDay(date), overrides: new Map([[at('2026-12-29T17:00:00Z'), { to: null }]]) });
  it('says what the day is and where its run went', () => {
    expect(explain('2026-12-25').verdict).toMatch(/^Not fired: 2026-12-25 is Christmas Day.* in TARGET, rolled to 2026-12-28\.$/);
    expect(explain('2026-12-24').verdict).toBe('Fires on 2026-12-24 at 18:00.');
    expect(explain('2026-12-28').fires[0]?.explanation).toContain('Moved from 2026-12-25');
    expect(explain('2026-12-29').notes).toContain('Somebody left out 2026-12-29T17:00:00.000Z.');
  });
  it('says which rule does not name it', () => {
    const weekly = timingOf({ rules: [{ kind: 'cron', expression: '0 18 * * 1' }] });
    expect(explainDate(weekly, { day: toDay('2026-12-24'), overrides: new Map() }).verdict).toBe(
      'Not fired: rule 1 (At 18:00, only on Monday) does not name 2026-12-24, a Thursday: the expression does not name that date.',
    );
  });
  it('says what became of what counts elapsed time', () => {
    const rules = [{ kind: 'interval' as const, every: 9, unit: 'hours' as const, from: '2026-12-24T00:00' }];
    const windows = [{ from: '08:00', to: '20:00' }];
    const counted = timingOf({ rules, calendar: 'TARGET', nonBusinessDay: 'following', windows });
    const notes = (date: string) => explainDate(counted, { day: toDay(date), overrides: new Map() }).notes.join();
    expect(notes('2026-12-24')).toContain('names 00:00, outside of the windows');
    expect(notes('2026-12-25')).toContain('names 03:00, 12:00, 21:00, left out because the day is off');
    expect(notes('2026-12-23')).toContain('does not name 2026-12-23: none of its times falls on that date');
  });
  it('tells of the clocks', () => {
    const early = timingOf({ timeZone: 'Europe/Paris', rules: [daily('02:30')] });
    expect(explainDate(early, { day: toDay('2026-03-29'), overrides: new Map() }).notes.join()).toContain('The clocks leap from 02:00 to 03:00');
    expect(explainDate(early, { day: toDay('2026-10-25'), overrides: new Map() }).notes.join()).toContain('The clocks go back from 03:00 to 02:00');
  });
});

it('an occurrence that somebody moved or left out', () => {
  const timing = timingOf({ rules: [daily('09:00')] });
  const overrides = new Map([
    [at('2026-06-02T09:00:00Z'), { to: null }],
    [at('2026-06-03T09:00:00Z'), { to: at('2026-06-01T12:00:00Z') }],
  ]);
  const found = ahead(timing, { from: at('2026-06-01T00:00:00Z'), most: 3, overrides }).items.map((one) => viewPlanned(timing, one));
  expect(found.map(({ instant, movedFrom }) => [instant, movedFrom])).toEqual([
    ['2026-06-01T09:00:00.000Z', null],
    ['2026-06-01T12:00:00.000Z', '2026-06-03T09:00:00.000Z'],
    ['2026-06-04T09:00:00.000Z', null],
  ]);
});
