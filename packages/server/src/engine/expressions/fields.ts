// Finds the fields of a step's schema that are declared template, expression or row, wherever they stand in a configuration.
import { z } from 'zod';
import { alternatives, childOf } from '../../base/schema-walk.ts';

type Schema = z.core.$ZodType;
export type FieldKind = 'literal' | 'template' | 'expression' | 'row' | 'liquid';

export interface FieldVisit {
  kind: FieldKind;
  text: string;
  /** Where it stands in the configuration. */
  path: (string | number)[];
  hints: Record<string, unknown>;
}

/** A copy of the configuration in which each text of a template field, also one that is left out and has a default, is replaced by what `render` makes of it. The configuration need not be valid. */
export function renderFields({ schema, value, render }: { schema: Schema; value: unknown; render: (text: string) => string }): unknown {
  return transform({ schema, value: withDefaults(schema, value), path: [], onText: (visit) => (visit.kind === 'template' ? render(visit.text) : visit.text) });
}

/** Calls `visit` for each text in the configuration whose field is declared. */
export function visitFields({ schema, value, visit }: { schema: Schema; value: unknown; visit: (field: FieldVisit) => void }): void {
  const onText = (field: FieldVisit): string => {
    visit(field);
    return field.text;
  };
  transform({ schema, value, path: [], onText });
}

/** With the texts that stand for what is left out: a template among them is filled like one that was written. */
function withDefaults(schema: Schema, value: unknown): unknown {
  const { def } = schema._zod;
  if (!isObject(def) || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const missing = Object.entries(def.shape).flatMap(([key, field]) => {
    const text = Object.hasOwn(value, key) ? undefined : defaultOf(field);
    return typeof text === 'string' && text.includes('{{') ? [[key, text]] : [];
  });
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

function isObject(def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef {
  return def.type === 'object';
}

function defaultOf({ _zod: { def } }: Schema): unknown {
  return def.type === 'default' ? (def as z.core.$ZodDefaultDef).defaultValue : undefined;
}

interface Walk {
  schema: Schema;
  value: unknown;
  path: (string | number)[];
  onText: (visit: FieldVisit) => string;
}

function transform({ schema, value, path, onText }: Walk): unknown {
  if (typeof value === 'string') {
    const hints = hintsFor(schema);
    return hints ? onText({ kind: (hints.field as FieldKind | undefined) ?? 'literal', text: value, path, hints }) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const inner = (key: string | number, item: unknown): unknown => {
    const child = childOf({ schema, key, value });
    return child ? transform({ schema: child, value: item, path: [...path, key], onText }) : item;
  };
  if (Array.isArray(value)) return value.map((item, index) => inner(index, item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(key, item)]));
}

function hintsFor(schema: Schema): Record<string, unknown> | undefined {
  for (const candidate of alternatives(schema)) {
    const hints = z.globalRegistry.get(candidate) as Record<string, unknown> | undefined;
    if (hints && (hints.field !== undefined || hints.widget !== undefined)) return hints;
  }
  return undefined;
}
