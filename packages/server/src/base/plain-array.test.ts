import { expect, test } from 'vitest';
import { plainArray } from './plain-array.ts';

test('ids, numbers, times and nothing are written as Postgres reads them', () => {
  expect(plainArray([])).toBe('{}');
  expect(plainArray(['0198c0de-0000-7000-8000-000000000001', null, 12, new Date(0)])).toBe(
    '{0198c0de-0000-7000-8000-000000000001,NULL,12,1970-01-01T00:00:00.000Z}',
  );
});
