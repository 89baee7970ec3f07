// Whether the names in an expression stand for something.
import { closest } from '../../base/text.ts';
import type { Compiled } from './compile.ts';
import { scopeNames } from './scope.ts';

/** Names that CEL itself knows: types, as in `type(x) == int`. */
const builtIn = new Set(['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google']);

/** Names that exist; all of them are asked for only when one is missing. */
export interface Names {
  has(name: string): boolean;
  keys(): Iterable<string>;
}
export function namesOf(record: object): Names {
  return { has: (name) => Object.hasOwn(record, name), keys: () => Object.keys(record) };
}

/** The first name in an expression that stands for nothing. */
export function unknownName({
  compiled,
  parameters,
  steps,
}: {
  compiled: Compiled;
  parameters: Names;
  steps: Names;
}): { message: string; hint?: string } | null {
  for (const name of compiled.names) {
    if (parameters.has(name) || (scopeNames as readonly string[]).includes(name) || builtIn.has(name)) continue;
    const hint = 'Expressions see the parameters, steps, run, now and today; text stands in quotes.';
    return { message: missing('parameter', name, [...parameters.keys(), ...scopeNames]), hint };
  }
  for (const name of compiled.steps) if (!steps.has(name)) return { message: missing('step', name, steps.keys()) };
  return null;
}

type Schema = Record<string, unknown>;

/** The first field below `name` that its JSON Schema does not know; what the schema leaves open may hold anything. */
export function unknownField({ fields }: Pick<Compiled, 'fields'>, name: string, schema: Schema): { message: string } | null {
  for (const dotted of fields) {
    const [root, ...path] = dotted.split('.');
    const fault = root === name ? strangeIn(schema, path) : null;
    if (fault)
      return {
        message: missing(
          'field',
          `${name}.${fault.path}`,
          fault.known.map((known) => `${name}.${known}`),
        ),
      };
  }
  return null;
}

function strangeIn(schema: Schema, path: readonly string[]): { path: string; known: string[] } | null {
  let at: Schema | undefined = schema;
  for (const [depth, field] of path.entries()) {
    const properties: Record<string, Schema> | undefined = propertiesOf(at);
    if (!properties) return null;
    const before = path.slice(0, depth);
    if (!Object.hasOwn(properties, field))
      return { path: [...before, field].join('.'), known: Object.keys(properties).map((known) => [...before, known].join('.')) };
    at = properties[field];
  }
  return null;
}

/** Of an object, also of one that may be null. */
function propertiesOf(schema: Schema | undefined): Record<string, Schema> | undefined {
  const options = (schema?.['anyOf'] as Schema[] | undefined)?.filter(({ type }) => type !== 'null');
  return (options?.length === 1 ? options[0] : schema)?.['properties'] as Record<string, Schema> | undefined;
}

function missing(noun: string, name: string, candidates: Iterable<string>): string {
  const slip = closest(name, candidates);
  return slip ? `there is no ${noun} "${name}"; did you mean "${slip}"?` : `there is no ${noun} "${name}"`;
}
