// Finds its way through a zod schema: what stands behind wrappers and unions, and the schema of one entry.
import type { z } from 'zod';

type Schema = z.core.$ZodType;

/** The schema of one entry, in whichever alternative of a union has it; a discriminated one is chosen by the literals that the value carries. */
export function childOf({ schema, key, value }: { schema: Schema; key: string | number; value: unknown }): Schema | undefined {
  const holders = alternatives(schema).filter((candidate) => entryOf(candidate, key) !== undefined);
  const holder = holders.find((candidate) => fits(candidate, value)) ?? holders[0];
  return holder && entryOf(holder, key);
}

function entryOf(schema: Schema, key: string | number): Schema | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? def.shape[key] : def.catchall;
  if (def.type === 'record') return def.valueType;
  if (def.type === 'array') return def.element;
  if (def.type === 'tuple') return def.items[Number(key)] ?? def.rest ?? undefined;
  return undefined;
}

function fits(schema: Schema, value: unknown): boolean {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type !== 'object') return Array.isArray(value) === (def.type === 'array' || def.type === 'tuple');
  return Object.entries(def.shape).every(([key, field]) => {
    const literal = (field as z.core.$ZodTypes)._zod.def;
    return literal.type !== 'literal' || literal.values.includes((value as Record<string, never>)[key] as never);
  });
}

/** The schemas that a wrapper, union, intersection or pipe stands for, itself first (hints may be on either). */
export function alternatives(schema: Schema): Schema[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'union':
      return [schema, ...def.options.flatMap(alternatives)];
    case 'intersection':
      return [schema, ...alternatives(def.left), ...alternatives(def.right)];
    case 'pipe':
      return [schema, ...alternatives(def.in)];
    case 'lazy':
      return [schema, ...alternatives(def.getter())];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return [schema, ...alternatives(def.innerType)];
    default:
      return [schema];
  }
}
