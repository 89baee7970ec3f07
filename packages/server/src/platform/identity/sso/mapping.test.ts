import type { SsoRule } from '@tidewheel/contract/routes/sso';
import { describe, expect, it } from 'vitest';
import { claimAt, identityOfClaims, textsOf } from './external-identity.ts';
import { decideAccount } from './linking.ts';
import { decideRoles, type HeldMembership, planMemberships, refusalOf } from './mapping.ts';

const rule = (value: string, role: string, more: Partial<SsoRule> = {}): SsoRule => ({ operator: 'contains', value, workspace: 'main', role, ...more });
const roles = (rules: SsoRule[], claims: Record<string, unknown>, otherwise: { workspace: string; role: string } | null = null) =>
  Object.fromEntries(
    decideRoles({ mapping: { rules, otherwise }, groupsClaim: 'groups', claims, isThere: ({ workspace, role }) => workspace !== 'gone' && role !== 'gone' }),
  );
const held = (more: Partial<HeldMembership> = {}): HeldMembership => ({
  workspace: 'main',
  role: 'viewer',
  heldBy: 'p',
  isSuspended: false,
  isLastAdministrator: false,
  ...more,
});

describe('a claim', () => {
  it('is found by its name before a path, in objects of their own alone', () => {
    expect(claimAt({ 'https://a.b/roles': ['x'] }, 'https://a.b/roles')).toEqual(['x']);
    expect(claimAt({ realm_access: { roles: ['x'] } }, 'realm_access.roles')).toEqual(['x']);
    expect(claimAt({ 'a.b': { c: 1 } }, 'a.b.c')).toBe(1);
    for (const path of ['constructor.name', '__proto__.x', 'toString', 'groups.length', 'groups.0']) expect(claimAt({ groups: ['x'] }, path)).toBeUndefined();
  });
  it('is texts, numbers and booleans as texts, alone or in a list', () => {
    expect(textsOf(['a', 1, true, null, {}, ['b']])).toEqual(['a', '1', 'true']);
    expect([textsOf(undefined), textsOf({}), textsOf('a')]).toEqual([[], [], ['a']]);
  });
});

describe('rules', () => {
  it('decide by the first that fits, in each workspace on its own', () => {
    const rules = [rule('b', 'operator'), rule('a', 'admin'), rule('a', 'designer', { workspace: 'other' })];
    expect(roles(rules, { groups: ['a', 'b'] })).toEqual({ main: { role: 'operator', rule: 1 }, other: { role: 'designer', rule: 3 } });
  });
  it('compare whole values, case and all: a longer name is another group', () => {
    expect(roles([rule('admins', 'admin')], { groups: ['admins-readonly', 'Admins', 'x,admins'] })).toEqual({});
    expect(roles([rule('admins', 'admin')], { groups: 'admins' })).toEqual({ main: { role: 'admin', rule: 1 } });
    expect(roles([rule('tide-', 'viewer', { operator: 'startsWith' })], { groups: ['tide-x'] })).toEqual({ main: { role: 'viewer', rule: 1 } });
    const equals = rule('a', 'viewer', { operator: 'equals', claim: 'department' });
    expect(roles([equals], { department: 'a' })).toHaveProperty('main');
    expect(roles([equals], { department: ['a', 'b'] })).toEqual({});
    expect(roles([equals], { department: ['a', {}] })).toEqual({});
  });
  it('give what holds otherwise when none fits anywhere, and skip what is gone', () => {
    const otherwise = { workspace: 'main', role: 'viewer' };
    expect(roles([rule('a', 'admin')], {}, otherwise)).toEqual({ main: { role: 'viewer', rule: 0 } });
    expect(roles([rule('a', 'operator', { workspace: 'other' })], { groups: ['a'] }, otherwise)).toEqual({ other: { role: 'operator', rule: 1 } });
    expect(roles([rule('a', 'gone'), rule('a', 'x', { workspace: 'gone' }), rule('a', 'operator')], { groups: ['a'] })).toEqual({
      main: { role: 'operator', rule: 3 },
    });
    expect(roles([], {}, { workspace: 'gone', role: 'viewer' })).toEqual({});
  });
});

describe('memberships', () => {
  const plan = (one: HeldMembership[], wanted: Record<string, string>) =>
    planMemberships({ held: one, providerId: 'p', roles: new Map(Object.entries(wanted).map(([workspace, role]) => [workspace, { role, rule: 1 }])) });

  it('come, change and go with the rules', () => {
    expect(plan([], { main: 'viewer' })).toMatchObject([{ before: null, after: 'viewer', change: 'added', rule: 1 }]);
    expect(plan([held()], { main: 'viewer' })).toMatchObject([{ change: 'none' }]);
    expect(plan([held()], { main: 'operator' })).toMatchObject([{ before: 'viewer', after: 'operator', change: 'changed' }]);
    expect(plan([held()], {})).toMatchObject([{ before: 'viewer', after: null, change: 'removed', rule: null }]);
  });
  it('of somebody else are not touched', () => {
    for (const heldBy of [null, 'another provider'])
      expect(plan([held({ heldBy, role: 'admin' })], { main: 'viewer' })).toMatchObject([{ after: 'admin', change: 'by_hand' }]);
  });
  it('keep the last administrator', () => {
    const last = held({ role: 'admin', isLastAdministrator: true });
    expect(plan([last], {})).toMatchObject([{ after: 'admin', change: 'last_administrator' }]);
    expect(plan([last], { main: 'viewer' })).toMatchObject([{ after: 'admin', change: 'last_administrator' }]);
  });
  it('that are none, or all suspended, let nobody in', () => {
    expect(refusalOf(plan([held()], {}), [held()])).toBe('sso.no_role');
    const suspended = [held({ isSuspended: true })];
    expect(refusalOf(plan(suspended, { main: 'viewer' }), suspended)).toBe('sso.suspended');
    expect(refusalOf(plan(suspended, { main: 'viewer', other: 'viewer' }), suspended)).toBeNull();
  });
});

describe('who somebody is', () => {
  const provider = { providerId: 'p', groupsClaim: 'groups', emailTrust: 'claim' as const, secondFactor: 'claims' as const, factorValues: ['mfa'] };

  it('takes the word on an address from where the address stands', () => {
    const mixed = identityOfClaims(provider, { sub: 'a', email: 'a@x.example' }, { email: 'b@x.example', email_verified: true });
    expect(mixed).toMatchObject({ email: 'a@x.example', emailVerified: false, claims: { email_verified: false } });
    expect(identityOfClaims(provider, { sub: 'a' }, { email: 'B@x.example', email_verified: true })).toMatchObject({
      email: 'b@x.example',
      emailVerified: true,
    });
    expect(identityOfClaims({ ...provider, emailTrust: 'never' }, { sub: 'a', email: 'a@x.example', email_verified: true }).emailVerified).toBe(false);
  });
  it('takes plain addresses alone', () => {
    for (const email of ['a@b@x.example', 'a@xn', 'a@еxample.org', 'a b@x.example', '<a@x.example>', 7, null])
      expect(identityOfClaims(provider, { sub: 'a', email, email_verified: true }).email).toBeNull();
  });
  it('takes a second factor from what is signed, not from user info', () => {
    expect(identityOfClaims(provider, { sub: 'a', amr: ['pwd', 'mfa'] }).hasSecondFactor).toBe(true);
    expect(identityOfClaims(provider, { sub: 'a' }, { amr: ['mfa'] }).hasSecondFactor).toBe(false);
  });
  it('keeps what is of the person, not of the protocol', () => {
    expect(identityOfClaims(provider, { sub: 'a', nonce: 'n', iss: 'i', groups: ['g'] }).claims).toEqual({ sub: 'a', groups: ['g'] });
  });
  it('is no account of a machine, whatever the address', () => {
    const identity = { email: 'a@x.example', emailVerified: true };
    const rules = { emailDomains: ['x.example'], linkByEmail: true, provision: true };
    for (const kind of ['local', 'service'] as const)
      expect(
        decideAccount({ provider: rules, identity, linkedUserId: undefined, namesake: { userId: 'u', kind, emailVerified: true, isLinked: false } }),
      ).toEqual({
        kind: 'none',
        refusal: 'sso.link_refused',
      });
  });
});
