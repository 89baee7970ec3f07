// Says in plain words what a schema found wrong, with the dotted path that the author knows.
import { AppError } from '@tidewheel/contract/errors';
import type { z } from 'zod';
import { alternatives, childOf } from './schema-walk.ts';
import { closest } from './text.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export interface PathFault {
  path: string;
  message: string;
  /** The same path in pieces, to find its line in the source. */
  keys: (string | number)[];
}

/** All faults of a failed parse. `path` is put in front of each; the schema is asked for the keys it knows. A key that is not known is repeated in any case. */
export function faultsOfZod({
  error,
  input,
  schema,
  path,
  withoutValues = false,
}: {
  error: z.core.$ZodError;
  input: unknown;
  schema: z.core.$ZodType;
  path: readonly (string | number)[];
  /** Nothing that was given is repeated: it may be a secret in the wrong place. */
  withoutValues?: boolean;
}): PathFault[] {
  return error.issues.flatMap((issue) => explain({ issue, input, schema, before: path, withoutValues }));
}

export function dotted(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('') || '(document)';
}

/** What was thrown, as a fault without a path. */
export function faultText(thrown: unknown): { message: string; hint?: string } {
  if (!(thrown instanceof AppError)) return { message: thrown instanceof Error ? thrown.message : String(thrown) };
  const message = thrown.message.replace(/\.$/, '');
  return thrown.hint === undefined ? { message } : { message, hint: thrown.hint };
}

interface Place {
  issue: Issue;
  input: unknown;
  schema: z.core.$ZodType;
  before: readonly (string | number)[];
  withoutValues: boolean;
}

function explain({ issue, input, schema, before, withoutValues }: Place): PathFault[] {
  const at = (path: Path, message: string): PathFault => {
    const keys = [...before, ...(path as (string | number)[])];
    return { path: dotted(keys), message, keys };
  };
  const value = valueAt(input, issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => at([...issue.path, key], unknownKey(key, keysAt({ schema, input, path: issue.path }))));
  if (issue.code === 'invalid_union') return explainUnion({ issue, input, schema, before, withoutValues, value, at });
  if (issue.code === 'invalid_key')
    return [at(issue.path, `"${String(issue.path.at(-1))}" is no valid name: ${issue.issues[0]?.message ?? 'it does not fit'}`)];
  return [at(issue.path, inWords(issue, { value, withoutValues }))];
}

/** Of a union the alternative that came furthest speaks; when all of them wanted something else, what they wanted is listed. */
function explainUnion({
  issue,
  input,
  schema,
  before,
  withoutValues,
  value,
  at,
}: Place & { issue: z.core.$ZodIssueInvalidUnion; value: unknown; at: (path: Path, message: string) => PathFault }): PathFault[] {
  const deep = issue.errors.filter((errors) => !errors.some((error) => error.path.length === 0 && error.code === 'invalid_type'));
  const best = deep.sort((a, b) => a.length - b.length)[0];
  if (best && best.length > 0)
    return best.flatMap((error) => explain({ issue: { ...error, path: [...issue.path, ...error.path] }, input, schema, before, withoutValues }));
  const wanted = issue.errors.flatMap((errors) => errors.flatMap((error) => (error.code === 'invalid_type' ? [nounFor(error.expected)] : [])));
  if (wanted.length === 0) return [at(issue.path, issue.message === 'Invalid input' ? 'does not fit any of the forms it may have' : issue.message)];
  return [at(issue.path, mustBe([...new Set(wanted)].join(' or '), { value, withoutValues }))];
}

interface Given {
  value: unknown;
  withoutValues: boolean;
}

function mustBe(what: string, { value, withoutValues }: Given): string {
  if (value === undefined) return 'is missing';
  return withoutValues ? `must be ${what}` : `must be ${what}, not ${describe(value)}`;
}

function inWords(issue: Issue, given: Given): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(nounFor(issue.expected), given);
    case 'invalid_value':
      return invalidValue(issue.values, given);
    case 'too_small':
      return (
        ownWords(issue, /^Too small/) ?? bound({ origin: issue.origin, limit: issue.minimum, words: issue.inclusive === false ? 'more than' : 'at least' })
      );
    case 'too_big':
      return ownWords(issue, /^Too big/) ?? bound({ origin: issue.origin, limit: issue.maximum, words: issue.inclusive === false ? 'less than' : 'at most' });
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return invalidFormat(issue);
    default:
      return issue.message;
  }
}

const formats: Record<string, string> = {
  email: 'an e-mail address',
  uuid: 'a UUID',
  url: 'a URL',
  date: 'a date like 2026-11-20',
  datetime: 'an instant like 2026-11-20T17:00:00Z',
};
function invalidFormat(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const rule = issue.message.match(/^Invalid string: (.*)$/)?.[1];
  return rule ?? ownWords(issue, /^Invalid/) ?? `must be ${formats[issue.format] ?? `a valid ${issue.format}`}`;
}

/** What the author of the schema says to this fault, where it is not zod that speaks. */
function ownWords({ message }: Issue, zods: RegExp): string | undefined {
  return zods.test(message) ? undefined : message;
}

function invalidValue(values: readonly unknown[], given: Given): string {
  const { value } = given;
  const slip = typeof value === 'string' ? closest(value, values.map(String)) : undefined;
  const choices = values.map((choice) => `"${String(choice)}"`).join(', ');
  const fault = mustBe(values.length === 1 ? choices : `one of ${choices}`, given);
  return slip && value !== undefined && values.length > 1 ? `${fault}; did you mean "${slip}"?` : fault;
}

function bound({ origin, limit, words }: { origin: string; limit: number | bigint | Date; words: string }): string {
  if (origin === 'string') return `must have ${words} ${limit} ${Number(limit) === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `must have ${words} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `must be ${words} ${String(limit)}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const slip = closest(key, known);
  if (slip) return `unknown key "${key}"; did you mean "${slip}"?`;
  return known.length > 0 && known.length <= 12 ? `unknown key "${key}"; there are ${known.join(', ')}` : `unknown key "${key}"`;
}

function keysAt({ schema, input, path }: { schema: z.core.$ZodType; input: unknown; path: Path }): string[] {
  let at: z.core.$ZodType | undefined = schema;
  let value = input;
  for (const key of path) {
    at = at && childOf({ schema: at, key: key as string | number, value });
    value = valueAt(value, [key]);
  }
  if (!at) return [];
  return alternatives(at).flatMap((candidate) => {
    const { def } = (candidate as z.core.$ZodTypes)._zod;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const nouns: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  null: 'empty',
};
function nounFor(expected: string): string {
  return nouns[expected] ?? `a ${expected}`;
}

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value);
  return String(value);
}
