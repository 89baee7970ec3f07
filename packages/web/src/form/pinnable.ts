import type { FormValues } from './form-values.ts';
import type { Schema } from './schema-fields.ts';

/** What a test of a connection or a host has discovered that the settings can hold and do not hold yet. */
export function pinnable({ schema, config, discovered }: { schema: Schema; config: FormValues; discovered: Record<string, unknown> }): FormValues {
  const settings = (schema['properties'] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(discovered).filter(([name, value]) => name in settings && config[name] !== value));
}
