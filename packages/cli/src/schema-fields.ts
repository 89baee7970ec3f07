// The fields of a JSON Schema as help: what to write, whether it must be, what it means when it is left out.

export interface SchemaField {
  name: string;
  type: string;
  isRequired: boolean;
  /** As JSON; empty when there is none. */
  default: string;
  text: string;
}

interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  minimum?: number;
  maximum?: number;
  /** How the engine reads the text: kit/fields. */
  field?: string;
  widget?: string;
  of?: string;
}

const deepest = 3;
const fieldWords: Record<string, string> = {
  template: 'text with {{ CEL }}',
  expression: 'CEL expression',
  row: 'SQL over columns',
  liquid: 'Liquid template',
};

/** Fields with those inside lists and objects below them (`checks[].name`), depth first. */
export function schemaFields(schema: Record<string, unknown>): SchemaField[] {
  return fieldsOf(schema as Schema, '', 0);
}

function fieldsOf(schema: Schema, prefix: string, depth: number): SchemaField[] {
  if (depth > deepest) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const full = `${prefix}${name}`;
    return [toField(full, field, schema.required?.includes(name) ?? false), ...below(full, field, depth)];
  });
}

function below(full: string, field: Schema, depth: number): SchemaField[] {
  const items = field.items ? fieldsOf(field.items, `${full}[].`, depth + 1) : [];
  const values = typeof field.additionalProperties === 'object' ? fieldsOf(field.additionalProperties, `${full}.*.`, depth + 1) : [];
  return [...fieldsOf(field, `${full}.`, depth + 1), ...items, ...values];
}

function toField(name: string, schema: Schema, isRequired: boolean): SchemaField {
  const hasDefault = schema.default !== undefined;
  return {
    name,
    type: typeText(schema),
    isRequired: isRequired && !hasDefault,
    default: hasDefault ? JSON.stringify(schema.default) : '',
    text: [schema.title, schema.description].filter(Boolean).join('. '),
  };
}

function typeText(schema: Schema): string {
  if (schema.widget === 'connection') return `connection${schema.of ? ` of type ${schema.of}` : ''}`;
  if (schema.widget === 'file') return 'uploaded file (or template)';
  if (schema.field && fieldWords[schema.field]) return fieldWords[schema.field] ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(String).join(' | ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeText))].join(' | ');
  if (schema.type === 'array') return `list${schema.items ? ` of ${typeText(schema.items)}` : ''}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') return `map of ${typeText(schema.additionalProperties)}`;
  const range = (schema.type === 'integer' || schema.type === 'number') && rangeText(schema);
  return `${[schema.type ?? 'any'].flat().join(' | ')}${range || ''}`;
}

function rangeText({ minimum, maximum }: Schema): string {
  // zod writes the limits of safe integers, which tell nobody anything.
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : '';
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : '';
  return low + high;
}
