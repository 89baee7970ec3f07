import { expect, test } from 'vitest';
import { storableJson } from './text.ts';

test('JSON is as it was but for what Postgres refuses', () => {
  expect(storableJson({ a: [1, 'two', null], b: undefined })).toBe('{"a":[1,"two",null]}');
  expect(storableJson(undefined)).toBe('null');
  expect(JSON.parse(storableJson({ a: 'x\u0000y', b: ['\ud800z', '\\u0000', '😀'] }))).toEqual({ a: 'x\uFFFDy', b: ['\uFFFDz', '\\u0000', '😀'] });
});
