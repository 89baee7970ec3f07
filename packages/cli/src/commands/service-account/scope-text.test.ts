import { expect, test } from 'vitest';
import { scopeOf, scopeText } from './scope-text.ts';

test('permissions, and on which objects', () => {
  expect(scopeOf(undefined)).toBeNull();
  expect(scopeOf(['run.read', 'flow.run,flow.read@flow=load-*,flow=daily,folder=finance'])).toEqual([
    { effect: 'allow', permissions: ['run.read'] },
    { effect: 'allow', permissions: ['flow.run', 'flow.read'], where: { flow: ['load-*', 'daily'], folder: ['finance'] } },
  ]);
});
test('what was given is shown so, conditions too', () => {
  const given = ['run.read', 'flow.run,flow.read@flow=load-*,flow=daily,folder=finance'];
  expect(scopeText(scopeOf(given) ?? [])).toBe(given.join(' '));
});
test.each(['', '@flow=a', 'flow.run@', 'flow.run@flow', 'flow.run@flow=', 'a@b=c@d=e'])('%j is none', (text) => {
  expect(() => scopeOf([text])).toThrow(expect.objectContaining({ code: 'cli.scope' }));
});
