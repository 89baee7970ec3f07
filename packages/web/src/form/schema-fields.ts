// A JSON Schema (as zod writes it, with our hints) as the fields of a form. One mapping for parameters, connections and secrets.

import { wordsOf } from '../shared/words.ts';

export type Schema = Record<string, unknown>;
export type FieldKind =
  | 'text'
  | 'textarea'
  | 'password'
  | 'number'
  | 'scalar'
  | 'boolean'
  | 'select'
  | 'date'
  | 'datetime'
  | 'list'
  | 'target'
  | 'connection'
  | 'credential'
  | 'flow'
  | 'flows'
  | 'calendar'
  | 'group'
  | 'variant'
  | 'json';

export interface FormField {
  name: string;
  /** Dotted, as errors name it: `proxy.port`. */
  path: string;
  kind: FieldKind;
  title: string;
  description?: string;
  isRequired: boolean;
  isInteger?: boolean;
  /** A tick that is there unless it is taken away. */
  isOn?: boolean;
  choices?: { value: string; label: string }[];
  /** Of a host: the transport it must be reached by. Of a connection or a credential: its types, joined by `|`. */
  of?: string | undefined;
  /** Whether its text is an expression, or may hold some in `{{ }}`. */
  holds?: 'template' | 'expression';
  /** The values behind the choices: a choice may be a number. */
  values?: unknown[];
  placeholder?: string;
  minimum?: number;
  maximum?: number;
  /** Of a group. */
  fields?: FormField[];
  /** Of a variant: one group of fields each, with the constants that tell it apart. */
  variants?: { title: string; fields: FormField[]; constants: Record<string, unknown> }[];
}

const secretName = /password|passphrase|secret|token|private.?key|api.?key/i;

export function fieldsOf(schema: Schema, prefix = ''): FormField[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = new Set((schema['required'] as string[] | undefined) ?? []);
  return (
    Object.entries(properties)
      .filter(([, property]) => !('const' in property))
      // A property with a default is required in what zod puts out, not in what a person must fill in.
      .map(([name, property]) => fieldOf({ name, path: prefix + name, schema: property, isRequired: required.has(name) && !('default' in property) }))
  );
}

interface Named {
  name: string;
  path: string;
  schema: Schema;
  isRequired: boolean;
}

function fieldOf({ name, path, schema: raw, isRequired }: Named): FormField {
  const schema = withoutNull(raw);
  const computed = text(raw['defaultExpression']);
  const told = [text(raw['description'] ?? schema['description']), computed && `Left empty: ${computed}`];
  const description = told.filter(Boolean).join(' · ');
  const field: FormField = { name, path, isRequired, kind: kindOf(name, schema), title: text(raw['title'] ?? schema['title']) ?? wordsOf(name) };
  if (description) field.description = description;
  const example = (schema['examples'] as unknown[] | undefined)?.[0] ?? schema['default'];
  if (example !== undefined && typeof example !== 'object') field.placeholder = String(example);
  if (raw['default'] === true || schema['default'] === true) field.isOn = true;
  if (schema['type'] === 'integer') field.isInteger = true;
  if (isBound(schema['minimum'])) field.minimum = schema['minimum'];
  if (isBound(schema['maximum'])) field.maximum = schema['maximum'];
  if (field.kind === 'select') {
    field.values = schema['enum'] as unknown[];
    field.choices = field.values.map((value) => ({ value: String(value), label: String(value) }));
  }
  if (schema['field'] === 'template' || schema['field'] === 'expression') field.holds = schema['field'];
  if (field.kind === 'connection' || field.kind === 'credential') field.of = typeof schema['of'] === 'string' ? schema['of'] : undefined;
  if (field.kind === 'target' && Array.isArray(schema['of']) && schema['of'].length === 1) field.of = String(schema['of'][0]);
  if (field.kind === 'group') field.fields = fieldsOf(schema, `${path}.`);
  if (field.kind === 'variant') field.variants = variantsOf(schema, `${path}.`);
  return field;
}

/** What is chosen from a list of what is there. */
const pickers = ['target', 'connection', 'credential', 'flow', 'calendar'] as const;

function kindOfList(items: Schema | undefined): FieldKind {
  if (items?.['type'] !== 'string') return 'json';
  return items['widget'] === 'flow' ? 'flows' : 'list';
}

function kindOf(name: string, schema: Schema): FieldKind {
  const widget = schema['widget'];
  if (Array.isArray(schema['enum'])) return 'select';
  if (variantsIn(schema)) return 'variant';
  if (schema['type'] === 'boolean') return 'boolean';
  if (schema['type'] === 'integer' || schema['type'] === 'number') return 'number';
  if (schema['type'] === 'object') return schema['properties'] ? 'group' : 'json';
  if (isTextOrTexts(schema)) return 'list';
  if (isTextOrNumber(schema)) return 'scalar';
  if (schema['type'] === 'array') return kindOfList(schema['items'] as Schema | undefined);
  if (schema['type'] !== 'string') return 'json';
  if (schema['format'] === 'date') return 'date';
  if (schema['format'] === 'date-time') return 'datetime';
  const picked = pickers.find((one) => one === widget);
  if (picked) return picked;
  if (widget === 'code' || widget === 'textarea' || widget === 'json' || /private.?key|pem|certificate/i.test(name)) return 'textarea';
  return widget === 'password' || secretName.test(name) ? 'password' : 'text';
}

/** One text, or a list of them. */
function isTextOrTexts(schema: Schema): boolean {
  const options = (schema['anyOf'] ?? []) as Schema[];
  const isTexts = (option: Schema) => option['type'] === 'array' && (option['items'] as Schema | undefined)?.['type'] === 'string';
  return options.length === 2 && options.some((option) => option['type'] === 'string') && options.some(isTexts);
}

function isTextOrNumber(schema: Schema): boolean {
  const types = ((schema['anyOf'] ?? []) as Schema[]).map((option) => option['type']);
  return types.length === 2 && types.includes('string') && types.includes('number');
}

/** The alternatives of a schema that are all objects; null when it has none. */
function variantsIn(schema: Schema): Schema[] | null {
  const options = (schema['oneOf'] ?? schema['anyOf']) as Schema[] | undefined;
  return options?.every((option) => option['type'] === 'object') ? options : null;
}

export function variantsOf(schema: Schema, prefix = ''): NonNullable<FormField['variants']> {
  return (variantsIn(schema) ?? []).map((option, index) => {
    const properties = Object.entries((option['properties'] ?? {}) as Record<string, Schema>);
    const constants = Object.fromEntries(properties.filter(([, property]) => 'const' in property).map(([name, property]) => [name, property['const']]));
    const title = text(option['title']) ?? (Object.values(constants).map(String).join(', ') || `Way ${index + 1}`);
    return { title, constants, fields: fieldsOf(option, prefix) };
  });
}

/** `anyOf: [X, null]` or `type: [X, null]`, as zod writes what may be null, is X. */
function withoutNull(schema: Schema): Schema {
  const types = Array.isArray(schema['type']) ? schema['type'].filter((type) => type !== 'null') : [];
  if (types.length === 1) return { ...schema, type: types[0] };
  const options = (schema['anyOf'] as Schema[] | undefined)?.filter((option) => option['type'] !== 'null');
  return options?.length === 1 && options[0] ? { ...schema, ...options[0], anyOf: undefined } : schema;
}

/** zod writes the limits of a safe integer as bounds: they are none for a person. */
function isBound(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
