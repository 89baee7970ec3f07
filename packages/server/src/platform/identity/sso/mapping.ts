// From what a provider says about somebody to roles: pure, so that a dry run and a sign-in cannot differ.
import type { MappedMembership, SsoMapping, SsoRule } from '@tidewheel/contract/routes/sso';
import { type Claims, claimAt, textsOf } from './external-identity.ts';

/** A membership as it is. `heldBy`: the provider whose rules gave it; null when it was set by hand. */
export interface HeldMembership {
  workspace: string;
  role: string;
  heldBy: string | null;
  isSuspended: boolean;
  /** Nobody else administers the workspace. */
  isLastAdministrator: boolean;
}

export interface RoleByRule {
  role: string;
  /** From 1; 0: what holds when no rule fits. */
  rule: number;
}

/** Workspace to role. Rules that name a workspace or role that is not there (any more) fit nobody. */
export function decideRoles(options: {
  mapping: SsoMapping;
  groupsClaim: string;
  claims: Claims;
  isThere(place: { workspace: string; role: string }): boolean;
}): Map<string, RoleByRule> {
  const { mapping, groupsClaim, claims, isThere } = options;
  const roles = new Map<string, RoleByRule>();
  for (const [index, rule] of mapping.rules.entries()) {
    if (roles.has(rule.workspace) || !isThere(rule) || !fits(rule, claimAt(claims, rule.claim ?? groupsClaim))) continue;
    roles.set(rule.workspace, { role: rule.role, rule: index + 1 });
  }
  const { otherwise } = mapping;
  if (roles.size === 0 && otherwise && isThere(otherwise)) roles.set(otherwise.workspace, { role: otherwise.role, rule: 0 });
  return roles;
}

function fits({ operator, value }: Pick<SsoRule, 'operator' | 'value'>, claim: unknown): boolean {
  const texts = textsOf(claim);
  if (operator === 'equals') return texts.length === 1 && texts[0] === value && !(Array.isArray(claim) && claim.length > 1);
  return texts.some((text) => (operator === 'contains' ? text === value : text.startsWith(value)));
}

/** What becomes of each workspace that the person is in or would be in. */
export function planMemberships({
  roles,
  held,
  providerId,
}: {
  roles: Map<string, RoleByRule>;
  held: readonly HeldMembership[];
  providerId: string;
}): MappedMembership[] {
  const known = held.map((one) => planHeld(one, roles.get(one.workspace), providerId));
  const added = [...roles]
    .filter(([workspace]) => !held.some((one) => one.workspace === workspace))
    .map(([workspace, { role, rule }]): MappedMembership => ({ workspace, before: null, after: role, change: 'added', rule }));
  return [...known, ...added].sort((one, other) => one.workspace.localeCompare(other.workspace));
}

function planHeld(
  { workspace, role: before, heldBy, isLastAdministrator }: HeldMembership,
  wanted: RoleByRule | undefined,
  providerId: string,
): MappedMembership {
  if (heldBy !== providerId) return { workspace, before, after: before, change: 'by_hand', rule: null };
  const rule = wanted?.rule ?? null;
  if (wanted?.role === before) return { workspace, before, after: before, change: 'none', rule };
  if (before === 'admin' && isLastAdministrator) return { workspace, before, after: before, change: 'last_administrator', rule };
  if (!wanted) return { workspace, before, after: null, change: 'removed', rule };
  return { workspace, before, after: wanted.role, change: 'changed', rule };
}

/** Whether the person gets in after that, and if not why. */
export function refusalOf(planned: readonly MappedMembership[], held: readonly HeldMembership[]): 'sso.no_role' | 'sso.suspended' | null {
  const left = planned.filter(({ after }) => after !== null);
  if (left.length === 0) return 'sso.no_role';
  const isSuspended = (workspace: string) => held.some((one) => one.workspace === workspace && one.isSuspended);
  return left.every(({ workspace }) => isSuspended(workspace)) ? 'sso.suspended' : null;
}
