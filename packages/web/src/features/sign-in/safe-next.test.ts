import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test('an address of this site is kept with its query', () => {
  expect(safeNext('/runs/1?tab=logs#x')).toBe('/runs/1?tab=logs#x');
});
test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example/x',
  '/\\evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
])('%s does not lead away', (next) => {
  expect(new URL(safeNext(next), 'https://own.invalid').origin).toBe('https://own.invalid');
});
