import { describe, expect, it } from 'vitest';
import { datesOf } from './backfill-dates.ts';

describe('the dates of a backfill', () => {
  it('are each day, weekday, week or month of the range, its ends among them', () => {
    expect(datesOf({ from: '2026-02-27', to: '2026-03-02', every: 'day' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(datesOf({ from: '2026-02-27', to: '2026-03-02', every: 'weekday' })).toEqual(['2026-02-27', '2026-03-02']);
    expect(datesOf({ from: '2026-12-25', to: '2027-01-08', every: 'week' })).toEqual(['2026-12-25', '2027-01-01', '2027-01-08']);
    expect(datesOf({ from: '2027-10-31', to: '2028-03-31', every: 'month' })).toEqual([
      '2027-10-31',
      '2027-11-30',
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
    ]);
    expect(datesOf({ from: '2026-02-28', to: '2026-02-28', every: 'weekday' })).toEqual([]);
  });

  it('are refused when there are none by mistake, or too many', () => {
    expect(() => datesOf({ from: '2026-02-28', to: '2026-02-27', every: 'day' })).toThrow('before it begins');
    expect(() => datesOf({ from: '1900-01-01', to: '2026-01-01', every: 'day' })).toThrow('more than 1000');
  });
});
