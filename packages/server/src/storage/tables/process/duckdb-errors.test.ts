import { expect, test } from 'vitest';
import { tableError } from './duckdb-errors.ts';

const hash = 'cb4c8c5ce516f3f4af3dd7e7174b78de7e9a50bb6cc7f971527e9932ace77e6a';

test('says nothing of where an object lies', () => {
  const thrown = new Error(`Invalid Input Error: No magic bytes found at end of file '/srv/data/objects/01a1/cb/${hash}'`);
  expect(tableError(thrown, { step: 'read' }).message).toBe(
    'Step read: the Parquet file is damaged or cut off (Invalid Input Error: No magic bytes found at end of file).',
  );
});

test('keeps a value that looks like a hash', () => {
  const thrown = new Error(`Conversion Error: Could not convert string '${hash}' to INT32`);
  expect(tableError(thrown, { step: 'cast' }).message).toContain(hash);
});
