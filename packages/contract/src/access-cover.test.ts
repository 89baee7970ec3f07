import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ability } from './ability.ts';
import { type Mask, presetRoles, type Rule, Rule as RuleSchema, type RuleSource, type Where } from './access.ts';
import { beyond, heldPermissions } from './access-cover.ts';
import type { Permission } from './route.ts';

const me = 'ann@example.com';
const rule = (value: unknown): Rule => RuleSchema.parse(value);
function source(rules: unknown[], more: Partial<RuleSource> = {}): RuleSource {
  return { kind: 'role', title: 'role X', rules: rules.map(rule), masks: [], me, until: null, ...more };
}
const over = (rules: unknown[], held: RuleSource[], more: { masks?: Mask[]; holder?: string; lasts?: Date } = {}) =>
  beyond({ rules: rules.map(rule), masks: more.masks ?? [] }, { held, holder: more.holder ?? null, lasts: more.lasts ?? null });

test('an administrator gives everything, others nothing that they have not', () => {
  const admin = source(presetRoles['admin']?.rules ?? []);
  expect(over(presetRoles['admin']?.rules ?? [], [admin])).toEqual([]);
  const operator = source(presetRoles['operator']?.rules ?? []);
  expect(over(presetRoles['viewer']?.rules ?? [], [operator])).toEqual([]);
  expect(over([{ permissions: ['flow.read', 'flow.edit'] }], [operator])).toEqual([{ permission: 'flow.edit', because: 'not held' }]);
});

test('a condition is covered by the same or a wider one, and by several together', () => {
  const held = [
    source([
      { permissions: ['flow.run'], where: { folder: ['finance'] } },
      { permissions: ['flow.run'], where: { folder: ['risk*'] } },
    ]),
  ];
  expect(over([{ permissions: ['flow.run'], where: { folder: ['finance/emir', 'risk/var'] } }], held)).toEqual([]);
  expect(over([{ permissions: ['flow.run'], where: { folder: ['finance'], kind: ['report'] } }], held)).toEqual([]);
  for (const where of [{ folder: ['finance-old'] }, { folder: ['fin*'] }, { folder: ['finance*'] }, { kind: ['report'] }, { folder: ['finance', 'legal'] }])
    expect(over([{ permissions: ['flow.run'], where }], held), JSON.stringify(where)).toMatchObject([{ because: 'held on other objects' }]);
  expect(over([{ permissions: ['flow.run'] }], held)).toMatchObject([{ because: 'held on other objects' }]);
});

test('what one is denied, one cannot give; unless the rules deny it too or speak of other objects', () => {
  const held = [source([{ permissions: ['flow.edit'] }, { effect: 'deny', permissions: ['flow.edit'], where: { flow: ['payroll*'] } }])];
  expect(over([{ permissions: ['flow.edit'] }], held)).toMatchObject([{ permission: 'flow.edit' }]);
  expect(over([{ permissions: ['flow.edit'], where: { flow: ['pay*'] } }], held)).toHaveLength(1);
  expect(over([{ permissions: ['flow.edit'], where: { flow: ['emir'] } }], held)).toEqual([]);
  expect(over([{ permissions: ['flow.edit'] }, { effect: 'deny', permissions: ['flow.edit'], where: { flow: ['pay*'] } }], held)).toEqual([]);
  expect(over([{ permissions: ['flow.edit'] }, { effect: 'deny', permissions: ['flow.edit'], where: { flow: ['payroll'] } }], held)).toHaveLength(1);
});

test('`@me` of a role is nobody known: only an unconditional right covers it', () => {
  const own = [source([{ permissions: ['run.cancel'], where: { startedBy: ['@me'] } }])];
  const asked = [{ permissions: ['run.cancel'], where: { startedBy: ['@me'] } }];
  expect(over(asked, own)).toHaveLength(1);
  expect(over(asked, own, { holder: 'bob@example.com' })).toHaveLength(1);
  expect(over(asked, own, { holder: me })).toEqual([]);
  expect(over(asked, [source([{ permissions: ['run.cancel'] }])])).toEqual([]);
  expect(over(asked, [source([{ permissions: ['run.cancel'], where: { startedBy: ['@*'] } }])])).toHaveLength(1);
});

test('what is kept from the giver stays kept', () => {
  const masks: Mask[] = [{ type: 'run', field: 'parameters.salary', as: 'hidden' }];
  const held = [source([{ permissions: ['run.read', 'flow.run'] }], { masks })];
  expect(over([{ permissions: ['run.read'] }], held)).toEqual([{ permission: 'run.read', because: 'masked' }]);
  expect(over([{ permissions: ['run.read'] }], held, { masks: [{ type: 'run', field: 'parameters', as: 'masked' }] })).toHaveLength(1);
  expect(over([{ permissions: ['run.read'] }], held, { masks: [{ type: 'run', field: 'parameters', as: 'hidden' }] })).toEqual([]);
  expect(over([{ permissions: ['flow.run'] }], held)).toEqual([]);
});

test('what is lent, or held for a shorter time, cannot be given on', () => {
  const until = '2026-12-01T00:00:00.000Z';
  const asked = [{ permissions: ['flow.edit'] }];
  expect(over(asked, [source(asked, { kind: 'delegation', until })], { lasts: new Date('2026-11-30T00:00:00Z') })).toHaveLength(1);
  expect(over(asked, [source(asked, { kind: 'grant', until })])).toHaveLength(1);
  expect(over(asked, [source(asked, { kind: 'grant', until })], { lasts: new Date('2026-12-02T00:00:00Z') })).toHaveLength(1);
  expect(over(asked, [source(asked, { kind: 'grant', until })], { lasts: new Date(until) })).toEqual([]);
});

test('a key gives no more than its scope', () => {
  const held = [source([{ permissions: ['flow.read', 'flow.edit'] }]), source([{ permissions: ['flow.read'] }], { kind: 'scope' })];
  expect(over([{ permissions: ['flow.read'] }], held)).toEqual([]);
  expect(over([{ permissions: ['flow.edit'] }], held)).toHaveLength(1);
  expect(over([{ permissions: ['flow.read'] }], [source([{ permissions: ['flow.read'] }], { kind: 'scope' })])).toMatchObject([{ because: 'not held' }]);
});

test('held: allowed somewhere and not denied everywhere', () => {
  const rules = [
    { permissions: ['flow.read', 'flow.run'] },
    { effect: 'deny', permissions: ['flow.run'] },
    { effect: 'deny', permissions: ['flow.read'], where: { flow: ['x'] } },
  ];
  expect([...heldPermissions(rules.map(rule))]).toEqual(['flow.read']);
});

// The claim itself, on random rules: whoever gets covered rules can do nothing on any object that the giver cannot.
const folders = ['a', 'a/b', 'a/bc', 'b', 'ab'];
const patterns = [...folders, 'a*', 'a/*', '*', '@me'];
const wheres: fc.Arbitrary<Where | undefined> = fc.option(
  fc.record(
    {
      folder: fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }),
      kind: fc.uniqueArray(fc.constantFrom('job', 'report'), { minLength: 1 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const rules = (max: number) =>
  fc.array(
    fc.record({
      effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
      permissions: fc.constant(['flow.run' as Permission]),
      where: wheres,
    }),
    { minLength: 1, maxLength: max },
  ) as fc.Arbitrary<Rule[]>;
const objects = [...folders, 'a/b/c', 'zz', me, 'bob@example.com', null].flatMap((folder) => ['job', 'report'].map((kind) => ({ flow: 'f', folder, kind })));

test('covered rules never allow more than the giver may', () => {
  let covered = 0;
  fc.assert(
    fc.property(fc.array(rules(3), { minLength: 1, maxLength: 2 }), rules(3), (held, given) => {
      const sources = held.map((each) => source(each));
      if (beyond({ rules: given, masks: [] }, { held: sources, holder: null, lasts: null }).length > 0) return;
      covered++;
      const giver = new Ability(sources);
      const taker = new Ability([source(given, { me: 'bob@example.com' })]);
      for (const object of objects) if (taker.can('flow.run', object)) expect(giver.can('flow.run', object), JSON.stringify(object)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(covered).toBeGreaterThan(200);
});
