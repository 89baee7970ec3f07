import { expect, test } from 'vitest';
import { dateInZone } from './clock.ts';

test('the date of an instant is that of its zone, asked for again and again and between others', () => {
  const instant = new Date('2026-03-01T00:30:00Z');
  for (let time = 0; time < 2; time++) {
    expect(dateInZone(instant, 'UTC')).toBe('2026-03-01');
    expect(dateInZone(instant, 'America/New_York')).toBe('2026-02-28');
    expect(dateInZone(instant, 'Pacific/Auckland')).toBe('2026-03-01');
  }
  expect(dateInZone(new Date('2026-03-02T11:00:00Z'), 'Pacific/Auckland')).toBe('2026-03-03');
});

test('an unknown zone is refused each time', () => {
  for (let time = 0; time < 2; time++) expect(() => dateInZone(new Date(), 'Nowhere/Land')).toThrow(RangeError);
});
