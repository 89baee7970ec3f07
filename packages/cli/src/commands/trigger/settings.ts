// --set, --config, --map and --condition of `trigger create` and `update`, as the body of the API.
import type { Client } from '@tidewheel/client/client';
import { listTriggerKinds } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { readText } from '../../input.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { kindOf } from './kinds.ts';

interface SettingOptions {
  set?: string[] | undefined;
  config?: string | undefined;
}

export const settingHelp = {
  set: ['--set <name=value>', 'a setting; may be given several times (see `tidewheel trigger kinds <kind>`)'],
  config: ['--config <file>', 'settings from a YAML or JSON file, or - for stdin'],
  map: ['--map <parameter=expression>', 'where a parameter of the flow comes from: day=event.body.day; may be given several times'],
  condition: ['--condition <expression>', 'it fires only when this is true: event.body.complete; an empty one removes it'],
} as const;

/** `config` from the file, then the single settings over it, then `base` under both. */
export async function configFrom(
  client: Client,
  kind: string,
  { options, base }: { options: SettingOptions; base: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const found = kindOf(await client.call(listTriggerKinds), kind);
  const fromFile = options.config === undefined ? {} : objectIn(await readText(options.config));
  return { ...base, ...fromFile, ...valuesFrom(options.set ?? [], found.config) };
}

export function mappingFrom(pairs: string[] | undefined, base: Record<string, string>): Record<string, string> {
  return { ...base, ...(valuesFrom(pairs ?? [], {}) as Record<string, string>) };
}

export function conditionFrom(given: string | undefined, base: string | null): string | null {
  if (given === undefined) return base;
  return given.trim() === '' ? null : given;
}

function objectIn(text: string): Record<string, unknown> {
  const value: unknown = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidInput('input.object', '--config must hold names and values', { hint: 'For example {"pattern": "*.csv"}.' });
}
