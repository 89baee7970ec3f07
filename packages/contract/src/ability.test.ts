import { expect, test } from 'vitest';
import { Ability } from './ability.ts';
import { Mask, presetRoles, Rule, type RuleSource } from './access.ts';
import { permissions } from './route.ts';

function source(rules: unknown[], more: Partial<RuleSource> = {}): RuleSource {
  return { kind: 'role', title: 'role X', rules: rules.map((rule) => Rule.parse(rule)), masks: [], me: 'ann@example.com', until: null, ...more };
}
const finance = { flow: 'emir', folder: 'finance/reports', kind: 'report' };

test('without rules nothing is allowed', () => {
  const nothing = new Ability([]);
  expect(nothing.permissions.size).toBe(0);
  expect(nothing.can('flow.read', finance)).toBe(false);
});

test('a rule of several permissions allows those and no mixture of their verbs and nouns', () => {
  const ability = new Ability([source([{ permissions: ['flow.read', 'run.cancel'] }])]);
  expect([...ability.permissions].sort()).toEqual(['flow.read', 'run.cancel']);
  expect(ability.can('run.read', { flow: 'emir' })).toBe(false);
});

test('a folder fits those below it and no folder whose name only begins so', () => {
  const ability = new Ability([source([{ permissions: ['flow.run'], where: { folder: ['finance'] } }])]);
  expect(ability.can('flow.run', finance)).toBe(true);
  expect(ability.can('flow.run', { ...finance, folder: 'finance' })).toBe(true);
  expect(ability.can('flow.run', { ...finance, folder: 'finance-old' })).toBe(false);
  expect(ability.can('flow.run', { ...finance, folder: null })).toBe(false);
  expect(ability.permissions.has('flow.run')).toBe(true);
  expect(ability.canAll('flow.run')).toBe(false);
});

test('values are exact, `*` at the end is a prefix, and no character of a value is a pattern', () => {
  const ability = new Ability([source([{ permissions: ['flow.edit'], where: { flow: ['a.c', 'emir-*'] } }])]);
  for (const [flow, allowed] of [
    ['a.c', true],
    ['abc', false],
    ['emir-daily', true],
    ['xemir-daily', false],
  ] as const)
    expect(ability.can('flow.edit', { ...finance, flow }), flow).toBe(allowed);
});

test('several attributes must all fit; @me is whoever acts', () => {
  const ability = new Ability([source([{ permissions: ['run.cancel'], where: { startedBy: ['@me'], kind: ['report'] } }])]);
  expect(ability.can('run.cancel', { ...finance, startedBy: 'ann@example.com' })).toBe(true);
  expect(ability.can('run.cancel', { ...finance, startedBy: 'bob@example.com' })).toBe(false);
  expect(ability.can('run.cancel', { ...finance, kind: 'job', startedBy: 'ann@example.com' })).toBe(false);
});

test('what a source denies stays denied in it, whatever the order; another source may allow it', () => {
  const denying = source([{ effect: 'deny', permissions: ['flow.edit'], where: { flow: ['emir'] } }, { permissions: ['flow.edit'] }]);
  expect(new Ability([denying]).can('flow.edit', finance)).toBe(false);
  expect(new Ability([denying]).can('flow.edit', { ...finance, flow: 'mifir' })).toBe(true);
  expect(new Ability([denying, source([{ permissions: ['flow.edit'] }], { kind: 'grant' })]).can('flow.edit', finance)).toBe(true);
});

test('explains who allowed, who denied and who was silent', () => {
  const ability = new Ability([
    source([{ permissions: ['flow.read'] }], { title: 'role Viewer' }),
    source([{ permissions: ['flow.run'], where: { flow: ['mifir'] } }], { title: 'grant of MiFIR' }),
    source([{ effect: 'deny', permissions: ['flow.run'], where: { kind: ['report'] } }, { permissions: ['flow.run'] }], { title: 'delegation' }),
  ]);
  expect(ability.explain('flow.run', finance)).toEqual({
    allowed: false,
    reasons: [
      { source: 'role Viewer', verdict: 'silent' },
      { source: 'grant of MiFIR', verdict: 'other objects only' },
      { source: 'delegation', verdict: 'denies' },
    ],
  });
});

test('a field is masked or hidden, with all inside it, unless another source shows the object plainly', () => {
  const masked = source([{ permissions: ['run.read'] }], {
    masks: [Mask.parse({ type: 'run', field: 'columns.isin', as: 'masked', where: { folder: ['finance'] } })],
  });
  const state = (sources: RuleSource[], field: string, object = finance) =>
    new Ability(sources).fieldState({ type: 'run', permission: 'run.read', object, field });
  expect(state([masked], 'columns.isin')).toBe('masked');
  expect(state([masked], 'columns.price')).toBe('plain');
  expect(state([masked], 'columns.isin', { ...finance, folder: 'operations' })).toBe('plain');
  expect(state([masked, source([{ permissions: ['flow.read'] }])], 'columns.isin')).toBe('masked');
  expect(state([masked, source([{ permissions: ['run.read'] }])], 'columns.isin')).toBe('plain');
});

test('a rule or mask about what its object has not is refused', () => {
  expect(Rule.safeParse({ permissions: ['flow.read', 'user.read'], where: { flow: ['a'] } }).success).toBe(false);
  expect(Rule.safeParse({ permissions: ['flow.read'], where: { constructor: ['a'] } }).success).toBe(false);
  expect(Mask.safeParse({ type: 'run', field: 'secret', as: 'hidden' }).success).toBe(false);
  expect(Mask.safeParse({ type: 'user', field: 'email', as: 'hidden', where: { flow: ['a'] } }).success).toBe(false);
});

test('the presets hold: the administrator everything, the others no more than is theirs', () => {
  const held = Object.fromEntries(Object.entries(presetRoles).map(([slug, role]) => [slug, new Ability([source(role.rules)]).permissions]));
  expect(held['admin']?.size).toBe(permissions.length);
  expect(held['developer']?.has('credential.edit')).toBe(false);
  expect(held['designer']?.has('connection.edit')).toBe(false);
  expect([...(held['executive'] ?? [])].sort()).toEqual(['approval.decide', 'artifact.read', 'color.read', 'flow.read', 'run.read', 'schedule.read']);
});
