import { expect, test } from 'vitest';
import { pooledRandomBytes } from './random-bytes.ts';

test('nothing that was handed out comes again or changes, over many fillings of the pool', () => {
  const all = Array.from({ length: 5_000 }, (_, at) => pooledRandomBytes(8 + (at % 3) * 4));
  const texts = all.map((bytes) => bytes.toString('hex'));
  expect(all.map(({ length }) => length).slice(0, 3)).toEqual([8, 12, 16]);
  expect(new Set(texts).size).toBe(5_000);
  pooledRandomBytes(8_192);
  expect(all.map((bytes) => bytes.toString('hex'))).toEqual(texts);
});
