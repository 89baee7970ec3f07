// `--param key=value` and `--set key=value`: text from the command line as the JSON that a schema asks for.
import { InvalidInput } from '@tidewheel/contract/errors';

interface PropertySchema {
  type?: string | string[];
  anyOf?: PropertySchema[];
  enum?: unknown[];
}

/** @throws InvalidInput when a pair has no `=` or a value is not of its type. Names that the schema does not know are passed on: the server names the fault. */
export function valuesFrom(pairs: string[], schema: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, PropertySchema>;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new InvalidInput('input.pair', `"${pair}" is not of the form name=value`, { hint: 'For example businessDate=2026-01-02.' });
      const name = pair.slice(0, at);
      return [name, typedValue(name, pair.slice(at + 1), properties[name])];
    }),
  );
}

function typedValue(name: string, text: string, schema: PropertySchema | undefined): unknown {
  const types = typesOf(schema);
  if (types.length === 0 || types.includes('string')) return text;
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (types.includes('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (types.includes('array') || types.includes('object')) return jsonOf(name, text);
  throw new InvalidInput('input.value', `${name}: "${text}" is not ${withArticle(types)}`, { hint: `Give ${name} as ${withArticle(types)}.` });
}

function typesOf(schema: PropertySchema | undefined): string[] {
  const own = schema?.type === undefined ? [] : [schema.type].flat();
  const named = (schema?.enum ?? []).map((value) => typeof value);
  return [...own, ...(schema?.anyOf ?? []).flatMap(typesOf), ...(own.length === 0 ? named : [])];
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.json', `${name}: "${text}" is not JSON`, { hint: `${name} takes a list or an object, written as JSON.`, cause });
  }
}

function withArticle(types: string[]): string {
  const words = types.map((type) => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`));
  return words.join(' or ');
}
