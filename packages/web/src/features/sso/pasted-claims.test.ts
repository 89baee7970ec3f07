import { expect, test } from 'vitest';
import { claimsOf } from './pasted-claims.ts';

test('one object or a list is taken', () => {
  expect(claimsOf('{"sub":"a"}')).toEqual([{ sub: 'a' }]);
  expect(claimsOf('[{"sub":"a"},{"sub":"b"}]')).toHaveLength(2);
});
test.each(['', '{', '[]', '7', '"text"', 'null', '[[]]', '[{},1]'])('%s is refused with what to do', (text) => {
  expect(() => claimsOf(text)).toThrow(expect.objectContaining({ code: 'sso.claims', hint: expect.any(String) }));
});
