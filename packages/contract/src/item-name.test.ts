import { expect, test } from 'vitest';
import { itemName } from './item-name.ts';

test('an item is called by its name, or by itself', () => {
  expect(itemName({ os: 'linux', name: 'web01.example.org' })).toBe('web01.example.org');
  expect(itemName('EUR')).toBe('EUR');
  expect(itemName(7)).toBe('7');
  expect(itemName('x'.repeat(300))).toHaveLength(200);
});

test('what has none is told apart by its place', () => {
  for (const value of [null, undefined, '', { name: { first: 'Ada' } }, { isin: 'DE0001' }, ['a'], true]) expect(itemName(value)).toBeNull();
});
