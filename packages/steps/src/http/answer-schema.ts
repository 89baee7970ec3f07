// The JSON Schema (2020-12, or the draft that it names) which an answer is held against. A keyword that nobody knows is ignored, as the standard says.
import { type OutputUnit, type SchemaDraft, Validator } from '@cfworker/json-schema';

type Schema = Record<string, unknown>;

/** What a schema has to look like to mean anything, of the keywords that are written wrongly most. */
const schemaOfSchemas = {
  $defs: {
    kind: { enum: ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'] },
    count: { type: 'integer', minimum: 0 },
    named: { type: 'object', additionalProperties: { $ref: '#' } },
    some: { type: 'array', minItems: 1, items: { $ref: '#' } },
  },
  type: ['object', 'boolean'],
  properties: {
    type: { anyOf: [{ $ref: '#/$defs/kind' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/kind' } }] },
    required: { type: 'array', items: { type: 'string' } },
    enum: { type: 'array' },
    pattern: { type: 'string', format: 'regex' },
    $ref: { type: 'string', pattern: '^#' },
    ...Object.fromEntries(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'].map((name) => [name, { $ref: '#/$defs/named' }])),
    ...Object.fromEntries(['additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'].map((name) => [name, { $ref: '#' }])),
    ...Object.fromEntries(['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name) => [name, { $ref: '#/$defs/some' }])),
    ...Object.fromEntries(
      ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((name) => [name, { $ref: '#/$defs/count' }]),
    ),
    ...Object.fromEntries(['minimum', 'maximum', 'multipleOf'].map((name) => [name, { type: 'number' }])),
  },
};

/** Why a schema cannot be used; undefined for one that can. */
export function faultOfSchema(schema: Schema): string | undefined {
  const [fault] = faultsBy(schemaOfSchemas, schema);
  if (fault !== undefined) return fault;
  try {
    validatorOf(schema);
    return undefined;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

/** What does not fit, each with its place; none when all does. */
export function faultsBy(schema: Schema, value: unknown): string[] {
  try {
    return leaves(validatorOf(schema).validate(value ?? null).errors).map(told);
  } catch (thrown) {
    // A reference into nowhere shows when it is followed.
    return [(thrown as Error).message.split('\n')[0] ?? ''];
  }
}

/** Of a copy: the library writes into the schema. */
function validatorOf(schema: Schema): Validator {
  return new Validator(structuredClone(schema), draftOf(schema), false);
}

function draftOf({ $schema }: Schema): SchemaDraft {
  const named = /draft-0(4|7)|(2019-09)/.exec(String($schema ?? ''));
  return (named?.[1] ?? named?.[2] ?? '2020-12') as SchemaDraft;
}

/** Those that say what is wrong, without those that repeat it for what is around. */
function leaves(units: OutputUnit[]): OutputUnit[] {
  return units.filter((unit) => !units.some((other) => other !== unit && other.keywordLocation.startsWith(`${unit.keywordLocation}/`)));
}

function told({ instanceLocation, error }: OutputUnit): string {
  const place = instanceLocation.replace(/^#\/?/, '').split('/').map(decodeURIComponent).join('.');
  return `${place || 'the body'}: ${error.replace(/\.$/, '')}`;
}
