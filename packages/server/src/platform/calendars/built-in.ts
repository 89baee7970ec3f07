// The calendars that are always there, written in the rules that everybody's are written in. Each says where its rules come from.
import type { CalendarDefinition, CalendarRule } from '@tidewheel/contract/calendar';

export interface BuiltInCalendar {
  slug: string;
  title: string;
  description: string;
  definition: CalendarDefinition;
}

type Fixed = Extract<CalendarRule, { kind: 'fixed' }>;
type Nth = Extract<CalendarRule, { kind: 'nthWeekday' }>;

const weekend: CalendarRule = { kind: 'weekend', days: ['saturday', 'sunday'] };
const goodFriday: CalendarRule = { kind: 'easter', name: 'Good Friday', days: -2 };
const easterMonday: CalendarRule = { kind: 'easter', name: 'Easter Monday', days: 1 };

function fixed(name: string, month: number, day: number, more: Partial<Fixed> = {}): CalendarRule {
  return { kind: 'fixed', name, month, day, ...more };
}
function nth(name: string, more: Omit<Nth, 'kind' | 'name'>): CalendarRule {
  return { kind: 'nthWeekday', name, ...more };
}

const sixOfTarget: CalendarRule[] = [
  weekend,
  fixed("New Year's Day", 1, 1),
  goodFriday,
  easterMonday,
  fixed('Labour Day', 5, 1),
  fixed('Christmas Day', 12, 25),
  fixed('Christmas Holiday', 12, 26),
];

function federal(observed: Fixed['observed']): CalendarRule[] {
  return [
    weekend,
    fixed("New Year's Day", 1, 1, { observed }),
    nth('Birthday of Martin Luther King, Jr.', { month: 1, weekday: 'monday', nth: 3, from: 1986 }),
    nth("Washington's Birthday", { month: 2, weekday: 'monday', nth: 3 }),
    nth('Memorial Day', { month: 5, weekday: 'monday', nth: -1 }),
    fixed('Juneteenth National Independence Day', 6, 19, { observed, from: 2021 }),
    fixed('Independence Day', 7, 4, { observed }),
    nth('Labor Day', { month: 9, weekday: 'monday', nth: 1 }),
    nth('Columbus Day', { month: 10, weekday: 'monday', nth: 2 }),
    fixed('Veterans Day', 11, 11, { observed }),
    nth('Thanksgiving Day', { month: 11, weekday: 'thursday', nth: 4 }),
    fixed('Christmas Day', 12, 25, { observed }),
  ];
}

const nyse: CalendarRule[] = [
  weekend,
  fixed("New Year's Day", 1, 1, { observed: 'sundayToMonday' }),
  nth('Martin Luther King, Jr. Day', { month: 1, weekday: 'monday', nth: 3 }),
  nth("Washington's Birthday", { month: 2, weekday: 'monday', nth: 3 }),
  goodFriday,
  nth('Memorial Day', { month: 5, weekday: 'monday', nth: -1 }),
  fixed('Juneteenth National Independence Day', 6, 19, { observed: 'nearestWeekday', from: 2022 }),
  fixed('Independence Day', 7, 4, { observed: 'nearestWeekday' }),
  nth('Labor Day', { month: 9, weekday: 'monday', nth: 1 }),
  nth('Thanksgiving Day', { month: 11, weekday: 'thursday', nth: 4 }),
  fixed('Christmas Day', 12, 25, { observed: 'nearestWeekday' }),
  {
    kind: 'dates',
    dates: [
      { date: '2001-09-11', name: 'Attacks of 11 September' },
      { date: '2001-09-12', name: 'Attacks of 11 September' },
      { date: '2001-09-13', name: 'Attacks of 11 September' },
      { date: '2001-09-14', name: 'Attacks of 11 September' },
      { date: '2004-06-11', name: 'Mourning for President Reagan' },
      { date: '2007-01-02', name: 'Mourning for President Ford' },
      { date: '2012-10-29', name: 'Hurricane Sandy' },
      { date: '2012-10-30', name: 'Hurricane Sandy' },
      { date: '2018-12-05', name: 'Mourning for President George H. W. Bush' },
      { date: '2025-01-09', name: 'Mourning for President Carter' },
    ],
  },
];

const england: CalendarRule[] = [
  weekend,
  fixed("New Year's Day", 1, 1, { observed: 'nextWeekday' }),
  goodFriday,
  easterMonday,
  nth('Early May bank holiday', { month: 5, weekday: 'monday', nth: 1, except: [2020] }),
  nth('Spring bank holiday', { month: 5, weekday: 'monday', nth: -1, except: [2012, 2022] }),
  nth('Summer bank holiday', { month: 8, weekday: 'monday', nth: -1 }),
  fixed('Christmas Day', 12, 25, { observed: 'nextWeekday' }),
  fixed('Boxing Day', 12, 26, { observed: 'nextWeekday' }),
  {
    kind: 'dates',
    dates: [
      { date: '2011-04-29', name: 'Royal wedding' },
      { date: '2012-06-04', name: 'Spring bank holiday' },
      { date: '2012-06-05', name: 'Diamond Jubilee' },
      { date: '2020-05-08', name: 'Early May bank holiday (VE Day)' },
      { date: '2022-06-02', name: 'Spring bank holiday' },
      { date: '2022-06-03', name: 'Platinum Jubilee' },
      { date: '2022-09-19', name: 'State Funeral of Queen Elizabeth II' },
      { date: '2023-05-08', name: 'Coronation of King Charles III' },
    ],
  },
];

const all: BuiltInCalendar[] = [
  {
    slug: 'WEEKDAYS',
    title: 'Monday to Friday',
    description: 'Every weekday is a business day: no holidays at all.',
    definition: { rules: [weekend] },
  },
  {
    slug: 'TARGET',
    title: 'TARGET (euro payments)',
    description: 'The closing days of T2, the payment system of the Eurosystem, as the European Central Bank set them from 2002 on.',
    definition: { rules: sixOfTarget, years: { from: 2002 } },
  },
  {
    slug: 'EURONEXT',
    title: 'Euronext cash markets',
    description: 'The trading days of the Euronext cash markets, which keep the closing days of TARGET. Half days are business days.',
    definition: { rules: sixOfTarget, years: { from: 2010 } },
  },
  {
    slug: 'NYSE',
    title: 'New York Stock Exchange',
    description:
      "NYSE Rule 7.2, with the days it was closed for other reasons. New Year's Day on a Saturday is not observed; early closings are business days.",
    definition: { rules: nyse, years: { from: 2000 } },
  },
  {
    slug: 'US',
    title: 'United States federal holidays',
    description: 'The holidays of 5 U.S.C. 6103 for the whole country: on a Saturday observed on the Friday before, on a Sunday on the Monday after.',
    definition: { rules: federal('nearestWeekday'), years: { from: 1986 } },
  },
  {
    slug: 'FEDWIRE',
    title: 'Federal Reserve Banks',
    description: 'The holidays of the Federal Reserve Banks: on a Saturday they open on the Friday before, on a Sunday they close on the Monday after.',
    definition: { rules: federal('sundayToMonday'), years: { from: 1986 } },
  },
  {
    slug: 'UK',
    title: 'Bank holidays in England and Wales',
    description: 'As gov.uk lists them, with substitute days and the days proclaimed once.',
    definition: { rules: england, years: { from: 2003 } },
  },
  {
    slug: 'LSE',
    title: 'London Stock Exchange',
    description: 'Its trading days: closed on the bank holidays of England and Wales. Half days are business days.',
    definition: { rules: england, years: { from: 2003 } },
  },
];

export const builtInCalendars: ReadonlyMap<string, BuiltInCalendar> = new Map(all.map((calendar) => [calendar.slug, calendar]));
