// Inputs for the fuzz campaign: from a JSON Schema mostly what it asks for, now and then what no schema would.

export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** Mulberry32: the same seed gives the same campaign. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

type Schema = Record<string, unknown>;

const hostile: readonly unknown[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '😀'.repeat(50),
  'x'.repeat(5_000),
  "'; drop table run; --",
  '../../../etc/passwd',
  '%2e%2e%2f',
  '$(id)',
  '{{ 1/0 }}',
  '<script>alert(1)</script>',
  'null',
  'NaN',
  '1e999',
  '-0',
  '9'.repeat(40),
  '2026-02-30',
  '2026-13-45T99:99:99Z',
  '00000000-0000-0000-0000-000000000000',
  '\u202eabc',
  'İ',
  'ﬁ',
  '\r\nSet-Cookie: a=b',
  0,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  -1e308,
  true,
  null,
  [],
  {},
  [[[[[[]]]]]],
  { constructor: { prototype: { a: 1 } } },
  { toString: 1 },
  Array(200).fill('y'),
];

export interface Known {
  /** Real values by the name of a field or parameter: ids and slugs that exist. */
  [name: string]: readonly unknown[];
}

export function randomValue({
  schema,
  name,
  dice,
  known,
  definitions,
  depth = 0,
}: {
  schema: Schema;
  name: string;
  dice: Dice;
  known: Known;
  definitions: Record<string, Schema>;
  depth?: number;
}): unknown {
  if (dice.chance(0.12)) return dice.pick(hostile);
  const real = known[name];
  if (real && real.length > 0 && dice.chance(0.6)) return dice.pick(real);
  const again = (inner: Schema, at: string) => randomValue({ schema: inner, name: at, dice, known, definitions, depth: depth + 1 });
  const reference = schema['$ref'];
  if (typeof reference === 'string') return again(definitions[reference.split('/').at(-1) ?? ''] ?? {}, name);
  const choices = (schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']) as Schema[] | undefined;
  if (choices) return again(dice.pick(choices), name);
  if (Array.isArray(schema['enum'])) return dice.pick(schema['enum'] as unknown[]);
  if ('const' in schema) return schema['const'];
  return ofType({ schema, name, dice, depth, again });
}

function ofType({
  schema,
  name,
  dice,
  depth,
  again,
}: {
  schema: Schema;
  name: string;
  dice: Dice;
  depth: number;
  again(inner: Schema, at: string): unknown;
}): unknown {
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return numberIn(schema, dice);
    case 'boolean':
      return dice.chance(0.5);
    case 'null':
      return null;
    case 'array':
      return depth > 4 ? [] : Array.from({ length: dice.below(4) }, () => again((schema['items'] as Schema | undefined) ?? {}, name));
    case 'object':
      return objectOf({ schema, dice, depth, again });
    case 'string':
      return textOf(schema, dice);
    default:
      return dice.pick(hostile);
  }
}

function numberIn(schema: Schema, dice: Dice): number {
  const low = Number(schema['minimum'] ?? -5);
  const high = Math.min(Number(schema['maximum'] ?? 1_000), 1_000_000);
  return dice.chance(0.1) ? dice.pick([low - 1, high + 1, low + 0.5]) : Math.floor(low + dice.next() * (high - low + 1));
}

function objectOf({ schema, dice, depth, again }: { schema: Schema; dice: Dice; depth: number; again(inner: Schema, at: string): unknown }): unknown {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = new Set((schema['required'] ?? []) as string[]);
  const made: Record<string, unknown> = {};
  for (const [key, inner] of properties) if (dice.chance(required.has(key) ? 0.95 : 0.4)) made[key] = again(inner, key);
  if (properties.length === 0 && depth < 4)
    for (let n = dice.below(3); n > 0; n--) made[dice.pick(['a', 'host', 'root', 'path', '__proto__x', ''])] = dice.pick(hostile);
  if (dice.chance(0.05)) made['unexpected'] = 1;
  return made;
}

function textOf(schema: Schema, dice: Dice): string {
  if (schema['format'] === 'uuid')
    return `019a9f0c-6f3e-7b1c-8a52-${dice
      .below(2 ** 47)
      .toString(16)
      .padStart(12, '0')}`;
  if (schema['format'] === 'email') return `fuzz${dice.below(50)}@example.com`;
  if (schema['format'] === 'date-time') return new Date(dice.below(2 ** 31) * 1_000).toISOString();
  const length = Math.max(Number(schema['minLength'] ?? 0), 1 + dice.below(12));
  return Array.from({ length }, () => dice.pick([...'abcxyz019-_'])).join('');
}
