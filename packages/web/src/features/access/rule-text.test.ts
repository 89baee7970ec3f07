import type { Rule } from '@tidewheel/contract/access';
import { expect, test } from 'vitest';
import { differences } from './rule-text.ts';

const rule = (permissions: Rule['permissions'], more: Partial<Rule> = {}): Rule => ({ effect: 'allow', permissions, ...more });
const base = { title: 'Desk', description: '', rules: [rule(['flow.read', 'flow.run'])], masks: [] };

test('a change of a role is the lines that came and went', () => {
  expect(differences(base, base)).toEqual({ gone: [], come: [] });
  expect(differences(base, { ...base, rules: [rule(['flow.run', 'flow.read'])] })).toEqual({ gone: [], come: [] });
  expect(differences(base, { ...base, rules: [rule(['flow.read']), rule(['flow.run'], { where: { folder: ['finance'], kind: ['report', 'job'] } })] })).toEqual(
    {
      gone: ['Allow: Run flows'],
      come: ['Allow: Run flows where folder is finance and kind is report or job'],
    },
  );
  expect(differences(base, { ...base, masks: [{ type: 'run', field: 'parameters', as: 'hidden' }] }).come).toEqual(['Hide: parameters of run']);
});
