// The few expressions that generated flows use, understood without the engine's own evaluator, and values as they are compared.

export interface ReferenceScope {
  /** What steps of the run, and of those around it, left. Null: nothing. */
  values: ReadonlyMap<string, unknown>;
  /** Parameters, and of an item or a turn: item, index, iteration, last. */
  names: Readonly<Record<string, unknown>>;
}

/** `7`, `item`, `steps.load.value`, `steps.load.value.total`, or a list of such. */
export function look(text: string, scope: ReferenceScope): unknown {
  const word = text.trim();
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word.startsWith('[')) return inside(word).map((one) => look(one, scope));
  const [head = '', id = '', , ...rest] = word.split('.');
  const found = head === 'steps' ? scope.values.get(id) : scope.names[head];
  return rest.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], found) ?? null;
}

/** `a % 3 == 1`; every condition of a generated flow is of this form. */
export function holds(text: string, scope: ReferenceScope): boolean {
  const found = /^(\S+) % (\d+) == (\d+)$/.exec(text);
  if (!found) throw new RangeError(`the reference does not know the condition "${text}"`);
  const [, what = '', divisor, rest] = found;
  return Number(look(what, scope)) % Number(divisor) === Number(rest);
}

function inside(list: string): string[] {
  const text = list.slice(1, -1).trim();
  return text === '' ? [] : text.split(',');
}

/** `{{ x }}` as the parameter of another flow, which is a number. */
export function rendered(value: unknown, scope: ReferenceScope): unknown {
  const found = typeof value === 'string' ? /^\{\{ (.+) \}\}$/.exec(value) : null;
  return found ? Number(look(found[1] ?? '', scope)) : value;
}

/** What differs from run to run says nothing about whether they came out alike. */
const passing = new Set(['run', 'number', 'until', 'at', 'by']);

/** A value with its keys in order, without identities and times. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value ?? null;
  const kept = Object.entries(value).filter(([key]) => !passing.has(key));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]));
}

/** Any value as a small number, so that what a step gives follows from all that was handed to it. */
export function weight(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return 0;
  let sum = 0;
  for (const char of JSON.stringify(plain(value))) sum = (sum * 31 + char.charCodeAt(0)) % 9_973;
  return sum;
}

/** What the campaign answers to who waits for this signal. */
export function answerTo(signal: string): number {
  return weight({ signal });
}

/** Nobody sends this, or calls so. */
export function neverComes(name: string): boolean {
  return name.startsWith('never');
}

/** What the campaign decides about an approval that this step asks for: of four it refuses one. */
export function isApproved(step: string): boolean {
  return weight({ step }) % 4 !== 0;
}
