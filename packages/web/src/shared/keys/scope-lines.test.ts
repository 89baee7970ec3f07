import { expect, test } from 'vitest';
import { scopeOf, scopeText } from './scope-lines.ts';

test('nothing chosen is everything; flows limit what can speak of them', () => {
  expect(scopeOf({ permissions: [], flows: 'a' })).toBeNull();
  expect(scopeOf({ permissions: ['run.read'], flows: ' ' })).toEqual([{ effect: 'allow', permissions: ['run.read'] }]);
  const scope = scopeOf({ permissions: ['flow.run', 'user.read', 'run.read'], flows: 'load-*, daily' });
  expect(scope).toEqual([
    { effect: 'allow', permissions: ['flow.run', 'run.read'], where: { flow: ['load-*', 'daily'] } },
    { effect: 'allow', permissions: ['user.read'] },
  ]);
  expect(scopeText(scope)).toBe('flow.run, run.read on flow load-*, daily; user.read');
});
