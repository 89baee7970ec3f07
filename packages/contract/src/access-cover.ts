// Nobody gives away more than he has: what of some rules is not covered by what somebody holds. What cannot be shown to be covered is not.
import { patternsOf } from './ability.ts';
import { type Mask, type MaskableType, type maskable, nounOf, type Rule, type RuleSource, type Where } from './access.ts';
import { type Permission, permissions } from './route.ts';

export interface Given {
  rules: readonly Rule[];
  masks: readonly Mask[];
}

/** `masked`: held, but with fields kept from the giver that the rules would show. */
export interface Beyond {
  permission: Permission;
  where?: Where;
  because: 'not held' | 'held on other objects' | 'masked';
}

/** Above this many combinations of values a rule must be covered by one rule as a whole. */
const mostAtoms = 2_000;

/**
 * @param holder whom `@me` will mean; null when that is not known yet, as in a role
 * @param lasts until when it is given, null for good: what the giver has for a shorter time does not count, nor does what was lent to him
 */
export function beyond(given: Given, { held, holder, lasts }: { held: readonly RuleSource[]; holder: string | null; lasts: Date | null }): Beyond[] {
  const standing = held.filter(({ kind, until }) => kind === 'scope' || (kind !== 'delegation' && lastsAsLong(until, lasts)));
  return given.rules
    .filter((rule) => rule.effect === 'allow')
    .flatMap((rule) => rule.permissions.map((permission) => ({ permission, where: rule.where && resolved(rule.where, holder) })))
    .flatMap(({ permission, where }) => {
      const because = atomsOf(where).map((atom) => faultOf({ permission, where: atom, given, holder }, standing));
      const worst = because.find((one) => one !== null);
      return worst ? [{ permission, ...(where ? { where } : {}), because: worst }] : [];
    });
}

function lastsAsLong(until: string | null, lasts: Date | null): boolean {
  return until === null || (lasts !== null && lasts.getTime() <= Date.parse(until));
}

/** What some rules allow on at least some objects. */
export function heldPermissions(rules: readonly Rule[]): Set<Permission> {
  const never = new Set(rules.filter((rule) => rule.effect === 'deny' && !rule.where).flatMap((rule) => rule.permissions));
  const allowed = new Set(rules.filter((rule) => rule.effect === 'allow').flatMap((rule) => rule.permissions));
  return new Set(permissions.filter((permission) => allowed.has(permission) && !never.has(permission)));
}

/** What some rules allow on every object there is. */
export function heldEverywhere(rules: readonly Rule[], permission: Permission): boolean {
  const about = rules.filter((rule) => rule.permissions.includes(permission));
  return about.some((rule) => rule.effect === 'allow' && !rule.where) && !about.some((rule) => rule.effect === 'deny');
}

interface Piece {
  permission: Permission;
  where: Where | undefined;
  given: Given;
  holder: string | null;
}

function faultOf(piece: Piece, held: readonly RuleSource[]): Beyond['because'] | null {
  const about = held.filter(
    ({ kind, rules }) => kind !== 'scope' && rules.some((rule) => rule.effect === 'allow' && rule.permissions.includes(piece.permission)),
  );
  if (about.length === 0) return 'not held';
  if (held.some((source) => source.kind === 'scope' && !allowsAll(source, piece))) return 'held on other objects';
  const allowing = about.filter((source) => allowsAll(source, piece));
  if (allowing.length === 0) return 'held on other objects';
  return allowing.some((source) => masksAsMuch(source, piece)) ? null : 'masked';
}

function allowsAll(source: RuleSource, { permission, where, given, holder }: Piece): boolean {
  const about = source.rules.filter((rule) => rule.permissions.includes(permission));
  const denials = about.filter((rule) => rule.effect === 'deny').map((rule) => rule.where && resolved(rule.where, source.me));
  const alsoDenied = given.rules.filter((rule) => rule.effect === 'deny' && rule.permissions.includes(permission));
  return (
    about.some((rule) => rule.effect === 'allow' && contains(rule.where && resolved(rule.where, source.me), where)) &&
    denials.every((denied) => apart(denied, where) || alsoDenied.some((rule) => contains(rule.where && resolved(rule.where, holder), denied)))
  );
}

const shownBy: Readonly<Record<string, MaskableType>> = {
  run: 'run',
  artifact: 'run',
  connection: 'connection',
  user: 'user',
  audit: 'audit',
} satisfies Record<string, keyof typeof maskable>;
const strength = { masked: 1, hidden: 2 };

function masksAsMuch(source: RuleSource, { permission, given, holder }: Piece): boolean {
  return source.masks
    .filter((mask) => mask.type === shownBy[nounOf(permission)])
    .every((mask) =>
      given.masks.some(
        (other) =>
          other.type === mask.type &&
          within(mask.field, other.field) &&
          strength[other.as] >= strength[mask.as] &&
          contains(other.where && resolved(other.where, holder), mask.where && resolved(mask.where, source.me)),
      ),
    );
}

// SQL does not tell columns by their case.
function within(field: string, wide: string): boolean {
  const [inner, outer] = [field, wide].map((one) => (one.startsWith('columns.') ? one.toLowerCase() : one)) as [string, string];
  return inner === outer || inner.startsWith(`${outer}.`);
}

/** A value that nobody knows yet: it is inside of everything only, and contains nothing. */
const somebody = '@me';

function resolved(where: Where, me: string | null): Where {
  if (me === null) return where;
  return Object.fromEntries(Object.entries(where).map(([attribute, values]) => [attribute, values?.map((value) => (value === somebody ? me : value))]));
}

function contains(wide: Where | undefined, narrow: Where | undefined): boolean {
  return Object.entries(wide ?? {}).every(([attribute, values]) => {
    const inner = narrow?.[attribute];
    return inner?.every((value) => fitsInto(attribute, value, values ?? [])) ?? false;
  });
}

function fitsInto(attribute: string, value: string, wide: readonly string[]): boolean {
  const outer = patternsOf(
    attribute,
    wide.filter((one) => one !== somebody),
  );
  if (value === somebody) return outer.some((one) => 'begins' in one && one.begins === '');
  return patternsOf(attribute, [value]).every((inner) =>
    outer.some((one) => ('is' in one ? 'is' in inner && inner.is === one.is : ('is' in inner ? inner.is : inner.begins).startsWith(one.begins))),
  );
}

/** Whether no object can fit both. */
function apart(one: Where | undefined, other: Where | undefined): boolean {
  return Object.entries(one ?? {}).some(([attribute, values]) => {
    const others = other?.[attribute];
    if (others === undefined || [...(values ?? []), ...others].includes(somebody)) return false;
    const right = patternsOf(attribute, others);
    return patternsOf(attribute, values ?? []).every((left) => right.every((against) => differ(left, against)));
  });
}

type Pattern = ReturnType<typeof patternsOf>[number];

function differ(one: Pattern, other: Pattern): boolean {
  if ('is' in one) return 'is' in other ? one.is !== other.is : !one.is.startsWith(other.begins);
  if ('is' in other) return !other.is.startsWith(one.begins);
  return !one.begins.startsWith(other.begins) && !other.begins.startsWith(one.begins);
}

/** One for each combination of values: two rules that each hold for one of them cover both. */
function atomsOf(where: Where | undefined): (Where | undefined)[] {
  const entries = Object.entries(where ?? {});
  const count = entries.reduce((product, [, values]) => product * (values?.length ?? 1), 1);
  if (count === 1 || count > mostAtoms) return [where];
  return entries.reduce<Where[]>(
    (atoms, [attribute, values]) => atoms.flatMap((atom) => (values ?? []).map((value) => ({ ...atom, [attribute]: [value] }))),
    [{}],
  );
}
