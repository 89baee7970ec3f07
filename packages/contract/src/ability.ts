// Rules to answers, the same on the server and in the web: may this person do that to this object, and what is kept from him. Stands on CASL.
import { type AbilityTuple, Ability as CaslAbility, fieldPatternMatcher, subject } from '@casl/ability';
import { type Mask, type MaskableType, nounOf, type Rule, type RuleSource, verbOf, type Where } from './access.ts';
import { type Permission, permissions } from './route.ts';

type Casl = CaslAbility<AbilityTuple, Where>;
type CaslRule = Casl['rules'][number];

/** An object as rules know it: its type is the noun of the permission asked for. */
export type Attributes = Readonly<Record<string, string | null>>;

/** `source` says who allowed or refused; null when no rule of any source spoke of it. */
export interface Verdict {
  allowed: boolean;
  reasons: { source: string; verdict: 'allows' | 'denies' | 'other objects only' | 'silent' }[];
}

/** One source of rules, ready to be asked. */
export interface SourceAbility {
  source: RuleSource;
  casl: Casl;
  /** Asked for masks: action `see`, subject the type, field the path. */
  masks: Casl;
}

/** What somebody may do: each source is judged by itself, one that allows is enough, as far as every scope allows it too. */
export class Ability {
  readonly sources: readonly SourceAbility[];
  /** Scopes of the key that is used: less than the sources give, never more. */
  readonly scopes: readonly SourceAbility[];
  /** Held on at least some objects: what a route asks before it knows the object. */
  readonly permissions: ReadonlySet<Permission>;

  constructor(sources: readonly RuleSource[]) {
    const opened = sources.map((source) => ({
      source,
      casl: open(source.rules.toSorted(denyLast).flatMap((rule) => caslRules(rule, source.me))),
      masks: open([{ action: 'see', subject: 'all' }, ...source.masks.map((mask) => maskRule(mask, source.me))]),
    }));
    this.sources = opened.filter(({ source }) => source.kind !== 'scope');
    this.scopes = opened.filter(({ source }) => source.kind === 'scope');
    const speaksOf = (permission: Permission) => (one: SourceAbility) => one.casl.can(verbOf(permission), nounOf(permission));
    this.permissions = new Set(permissions.filter((permission) => this.sources.some(speaksOf(permission)) && this.scopes.every(speaksOf(permission))));
  }

  can(permission: Permission, object: Attributes): boolean {
    return this.sources.some((one) => allows(one, permission, object)) && this.scopes.every((one) => allows(one, permission, object));
  }

  /** Without conditions: on every object there is. */
  canAll(permission: Permission): boolean {
    return this.sources.some((one) => allowsAll(one, permission)) && this.scopes.every((one) => allowsAll(one, permission));
  }

  explain(permission: Permission, object?: Attributes): Verdict {
    const judge = (one: SourceAbility) => ({ source: one.source.title, verdict: verdictOf(one, permission, object) });
    const [reasons, limits] = [this.sources.map(judge), this.scopes.map(judge)];
    const allowed = reasons.some(({ verdict }) => verdict === 'allows') && limits.every(({ verdict }) => verdict === 'allows');
    return { allowed, reasons: [...reasons, ...limits] };
  }

  /** How a field is shown: as it is when one source that lets the object be read shows it so. */
  fieldState({ type, permission, object, field }: { type: MaskableType; permission: Permission; object: Attributes; field: string }): 'plain' | Mask['as'] {
    const states = this.sources.filter((one) => allows(one, permission, object)).map(({ masks }) => stateIn(masks, { type, object, field }));
    return states.includes('plain') ? 'plain' : states.includes('masked') ? 'masked' : states.includes('hidden') ? 'hidden' : 'plain';
  }

  /**
   * Whether something under this field is kept whichever way the object is read: then what cannot be cut by fields may not leave as a whole.
   * With several sources it is strict: each keeps something, if not the same.
   */
  keepsSome({ type, permission, object, head }: { type: MaskableType; permission: Permission; object: Attributes; head: string }): boolean {
    const allowing = this.sources.filter((one) => allows(one, permission, object));
    const keeps = ({ source }: SourceAbility) =>
      source.masks.some(
        ({ type: of, field, where }) => of === type && field.split('.', 1)[0] === head && (where === undefined || fits(resolved(where, source.me), object)),
      );
    return allowing.length > 0 && allowing.every(keeps);
  }

  /** Whether any source keeps anything of this type from its holder: spares the walk over fields where none does. */
  masksAny(type: MaskableType): boolean {
    return this.sources.some(({ source }) => source.masks.some((mask) => mask.type === type));
  }
}

// CASL lets the last rule that fits decide: what is denied comes last.
function denyLast(one: Rule, other: Rule): number {
  return Number(one.effect === 'deny') - Number(other.effect === 'deny');
}

// One for each permission: a list of verbs and a list of nouns would allow every verb on every noun.
function caslRules(rule: Rule, me: string): CaslRule[] {
  const conditions = rule.where ? { conditions: resolved(rule.where, me) } : {};
  return rule.permissions.map(
    (permission) => ({ action: verbOf(permission), subject: nounOf(permission), inverted: rule.effect === 'deny', ...conditions }) as CaslRule,
  );
}

// CASL is told how to see an object's type (it would take a property `kind` for it, and a flow has one) and what our conditions mean.
function open(rules: CaslRule[]): Casl {
  return new CaslAbility<AbilityTuple, Where>(rules, {
    detectSubjectType: (object) => (typeof object === 'string' ? object : String((object as Record<string, unknown>)['__caslSubjectType__'])),
    conditionsMatcher: (where) => (object) => fits(where, object as Attributes),
    fieldMatcher: fieldPatternMatcher,
  });
}

function maskRule(mask: Mask, me: string): CaslRule {
  const conditions = mask.where ? { conditions: resolved(mask.where, me) } : {};
  const field = maskedField(mask.field);
  return { action: 'see', subject: mask.type, inverted: true, fields: [field, `${field}.**`], reason: mask.as, ...conditions } as CaslRule;
}

// SQL does not tell ISIN from isin, so neither may a mask.
function maskedField(field: string): string {
  return field.startsWith('columns.') ? field.toLowerCase() : field;
}

function resolved(where: Where, me: string): Where {
  return Object.fromEntries(Object.entries(where).map(([attribute, values]) => [attribute, values?.map((value) => (value === '@me' ? me : value))]));
}

/** One value of a `where`: this very text, or everything that begins with it. SQL is made of the same two. */
export type Pattern = { is: string } | { begins: string };

export function patternsOf(attribute: string, values: readonly string[]): Pattern[] {
  return values.flatMap((value) => {
    if (value.endsWith('*')) return [{ begins: value.slice(0, -1) }];
    return attribute === 'folder' || attribute === 'category' ? [{ is: value }, { begins: `${value}/` }] : [{ is: value }];
  });
}

function fits(where: Where, object: Attributes): boolean {
  return Object.entries(where).every(([attribute, values]) => {
    const actual = object[attribute];
    return typeof actual === 'string' && patternsOf(attribute, values ?? []).some((one) => ('is' in one ? one.is === actual : actual.startsWith(one.begins)));
  });
}

function allows({ casl }: SourceAbility, permission: Permission, object: Attributes): boolean {
  return casl.can(verbOf(permission), subject(nounOf(permission), { ...object }));
}

function allowsAll({ source }: SourceAbility, permission: Permission): boolean {
  const about = source.rules.filter((rule) => rule.permissions.includes(permission));
  return about.some((rule) => rule.effect === 'allow' && !rule.where) && !about.some((rule) => rule.effect === 'deny');
}

function verdictOf(one: SourceAbility, permission: Permission, object: Attributes | undefined): Verdict['reasons'][number]['verdict'] {
  const about = one.source.rules.filter((rule) => rule.permissions.includes(permission));
  if (about.length === 0) return 'silent';
  if (object === undefined) return one.casl.can(verbOf(permission), nounOf(permission)) ? 'allows' : 'denies';
  if (allows(one, permission, object)) return 'allows';
  const rule = one.casl.relevantRuleFor(verbOf(permission), subject(nounOf(permission), { ...object }));
  return rule?.inverted ? 'denies' : 'other objects only';
}

function stateIn(masks: Casl, { type, object, field }: { type: string; object: Attributes; field: string }): 'plain' | Mask['as'] {
  const rule = masks.relevantRuleFor('see', subject(type, { ...object }), maskedField(field));
  if (!rule?.inverted) return 'plain';
  return rule.reason === 'hidden' ? 'hidden' : 'masked';
}
