// Says in plain words what a schema found wrong, with the dotted path that the author knows.
import { AppError } from '@tidewheel/contract/errors';
import type { z } from 'zod';
import { closest } from '../../base/text.ts';
import { alternatives, childOf } from '../expressions/fields.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export interface PathFault {
  path: string;
  message: string;
  /** The same path in pieces, to find its line in the source. */
  keys: (string | number)[];
}

/** All faults of a failed parse. `path` is put in front of each; the schema is asked for the keys it knows. */
export function faultsOfZod({
  error,
  input,
  schema,
  path,
}: {
  error: z.core.$ZodError;
  input: unknown;
  schema: z.core.$ZodType;
  path: readonly (string | number)[];
}): PathFault[] {
  return error.issues.flatMap((issue) => explain({ issue, input, schema, before: path }));
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
}

function explain({ issue, input, schema, before }: Place): PathFault[] {
  const at = (path: Path, message: string): PathFault => {
    const keys = [...before, ...(path as (string | number)[])];
    return { path: dotted(keys), message, keys };
  };
  const value = valueAt(input, issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => at([...issue.path, key], unknownKey(key, keysAt({ schema, input, path: issue.path }))));
  if (issue.code === 'invalid_union') return explainUnion({ issue, input, schema, before, value, at });
  if (issue.code === 'invalid_key')
    return [at(issue.path, `"${String(issue.path.at(-1))}" is no valid name: ${issue.issues[0]?.message ?? 'it does not fit'}`)];
  return [at(issue.path, inWords(issue, value))];
}

/** Of a union the alternative that came furthest speaks; when all of them wanted something else, what they wanted is listed. */
function explainUnion({
  issue,
  input,
  schema,
  before,
  value,
  at,
}: Place & { issue: z.core.$ZodIssueInvalidUnion; value: unknown; at: (path: Path, message: string) => PathFault }): PathFault[] {
  const deep = issue.errors.filter((errors) => !errors.some((error) => error.path.length === 0 && error.code === 'invalid_type'));
  const best = deep.sort((a, b) => a.length - b.length)[0];
  if (best && best.length > 0) return best.flatMap((error) => explain({ issue: { ...error, path: [...issue.path, ...error.path] }, input, schema, before }));
  const wanted = issue.errors.flatMap((errors) => errors.flatMap((error) => (error.code === 'invalid_type' ? [nounFor(error.expected)] : [])));
  if (wanted.length === 0) return [at(issue.path, issue.message === 'Invalid input' ? 'does not fit any of the forms it may have' : issue.message)];
  return [at(issue.path, value === undefined ? 'is missing' : `must be ${[...new Set(wanted)].join(' or ')}, not ${describe(value)}`)];
}

function inWords(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? 'is missing' : `must be ${nounFor(issue.expected)}, not ${describe(value)}`;
    case 'invalid_value':
      return invalidValue(issue.values, value);
    case 'too_small':
      return bound({ origin: issue.origin, limit: issue.minimum, words: issue.inclusive === false ? 'more than' : 'at least' });
    case 'too_big':
      return bound({ origin: issue.origin, limit: issue.maximum, words: issue.inclusive === false ? 'less than' : 'at most' });
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? `must be a valid ${issue.format}` : issue.message;
    default:
      return issue.message;
  }
}

function invalidValue(values: readonly unknown[], value: unknown): string {
  if (value === undefined) return 'is missing';
  const slip = typeof value === 'string' ? closest(value, values.map(String)) : undefined;
  const choices = values.map((choice) => `"${String(choice)}"`).join(', ');
  if (values.length === 1) return `must be ${choices}, not ${describe(value)}`;
  return `must be one of ${choices}, not ${describe(value)}${slip ? `; did you mean "${slip}"?` : ''}`;
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
