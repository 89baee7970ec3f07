// What somebody may do in a workspace: the value of identity.access_of compiled to an ability, and kept as long as that value is the same.
import { Ability } from '@tidewheel/contract/ability';
import { type Mask, presetRoles, type Rule, type RuleSource } from '@tidewheel/contract/access';
import { installationPermissions, type Permission } from '@tidewheel/contract/route';

/** Null rules are a preset's that the workspace has not changed. */
interface HeldRole {
  slug: string | null;
  title: string | null;
  rules: Rule[] | null;
  masks: Mask[] | null;
}
interface AccessValue {
  main: boolean;
  email: string;
  role: HeldRole;
  grants: (HeldRole & { id: string; until: string | null })[] | null;
  delegations: (HeldRole & { id: string; from: string; permissions: Permission[] | null; until: string })[] | null;
}

const compiled = new Map<string, Ability>();
const most = 1_000;

/** `text` is what identity.access_of answered; `scope` the rules of the key that is used, as JSON. */
export function abilityOf(text: string, scope: string | null = null): Ability {
  const key = scope === null ? text : `${text}\n${scope}`;
  const known = compiled.get(key);
  if (known) return known;
  const value = JSON.parse(text) as AccessValue;
  const ability = new Ability([...sourcesOf(value), ...(scope === null ? [] : [scopeOf(JSON.parse(scope) as Rule[], value.email)])]);
  if (compiled.size >= most) compiled.clear();
  compiled.set(key, ability);
  return ability;
}

function scopeOf(rules: Rule[], me: string): RuleSource {
  return { kind: 'scope', title: 'the scope of this key', rules, masks: [], me, until: null };
}

/** Nothing is allowed: a second factor is due first. */
export const heldBack = new Ability([]);

/** The same without an ability made of it. */
export function sourcesOfText(text: string): RuleSource[] {
  return sourcesOf(JSON.parse(text) as AccessValue);
}

function sourcesOf(value: AccessValue): RuleSource[] {
  const own: RuleSource = { kind: 'role', title: `role ${titleOf(value.role)}`, ...contentOf(value.role), me: value.email, until: null };
  const grants = (value.grants ?? []).map((grant): RuleSource => {
    const title = grant.slug === null ? 'a grant' : `a grant of the role ${titleOf(grant)}`;
    return { kind: 'grant', id: grant.id, title, ...contentOf(grant), me: value.email, until: instant(grant.until) };
  });
  const lent = (value.delegations ?? []).map((one): RuleSource => {
    const { rules, masks } = contentOf(one);
    return {
      kind: 'delegation',
      id: one.id,
      title: `lent by ${one.from}`,
      rules: only(rules, one.permissions),
      masks,
      me: one.from,
      until: instant(one.until),
    };
  });
  return [own, ...grants, ...lent].map((source) => (value.main ? source : { ...source, rules: withoutInstallation(source.rules) }));
}

/** The rules as they count: `admin` can never be changed, so that somebody can always mend the others. */
export function contentOf({ slug, rules, masks }: Pick<HeldRole, 'slug' | 'rules' | 'masks'>): { rules: Rule[]; masks: Mask[] } {
  const preset = slug === null ? undefined : presetRoles[slug];
  if (preset && (slug === 'admin' || rules === null)) return { rules: preset.rules, masks: preset.masks };
  return { rules: rules ?? [], masks: masks ?? [] };
}

export function titleOf({ slug, title }: Pick<HeldRole, 'slug' | 'title'>): string {
  return title ?? presetRoles[slug ?? '']?.title ?? slug ?? '';
}

function only(rules: Rule[], permissions: Permission[] | null): Rule[] {
  if (permissions === null) return rules;
  return rules.flatMap((rule) => {
    if (rule.effect === 'deny') return [rule];
    const kept = rule.permissions.filter((permission) => permissions.includes(permission));
    return kept.length === 0 ? [] : [{ ...rule, permissions: kept }];
  });
}

export function withoutInstallation(rules: Rule[]): Rule[] {
  return rules.flatMap((rule) => {
    const kept = rule.permissions.filter((permission) => !installationPermissions.has(permission));
    return kept.length === 0 ? [] : [{ ...rule, permissions: kept }];
  });
}

function instant(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}
