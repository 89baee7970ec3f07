// --set, --config, --secret and --secrets of `connection create` and `update`, as the body of the API.
import type { Client } from '@tidewheel/client/client';
import { listConnectors } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { readSecret, readText } from '../../input.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { connectorOf } from './types.ts';

export interface SettingOptions {
  set?: string[] | undefined;
  config?: string | undefined;
  secret?: string[] | undefined;
  secrets?: string | undefined;
}

export const settingHelp = {
  set: ['--set <name=value>', 'a setting; may be given several times (see `tidewheel connection types <type>`)'],
  config: ['--config <file>', 'settings from a YAML or JSON file, or - for stdin'],
  secret: ['--secret <name=source>', 'a secret field from stdin (password=-) or a file (privateKey=@id_ed25519); never the value itself'],
  secrets: ['--secrets <source>', 'all secret fields as one JSON object, from stdin (-) or a file (@path)'],
} as const;

/** `config` from the file, then the single settings over it, then `base` under both. */
export async function configFrom(
  client: Client,
  type: string,
  given: { options: SettingOptions; base: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const connector = connectorOf(await client.call(listConnectors), type);
  const fromFile = given.options.config === undefined ? {} : objectIn(parseYaml(await readText(given.options.config), given.options.config), '--config');
  return { ...given.base, ...fromFile, ...valuesFrom(given.options.set ?? [], connector.config) };
}

/** undefined when no secret was given, so that the stored one is kept. */
export async function secretFrom(options: SettingOptions): Promise<Record<string, unknown> | undefined> {
  const single = options.secret ?? [];
  if (options.secrets === undefined && single.length === 0) return undefined;
  const all = options.secrets === undefined ? {} : objectIn(parseYaml(await readSecret(options.secrets, 'Secrets'), '--secrets'), '--secrets');
  if (single.filter((pair) => pair.endsWith('=-')).length > 1)
    throw new InvalidInput('input.stdin', 'Only one secret can come from stdin', { hint: 'Use @path for the others, or --secrets - with one JSON object.' });
  for (const pair of single) {
    const at = pair.indexOf('=');
    if (at < 1) throw new InvalidInput('input.pair', '--secret takes name=- or name=@path', { hint: 'For example --secret password=-.' });
    all[pair.slice(0, at)] = await readSecret(pair.slice(at + 1), `The secret ${pair.slice(0, at)}`);
  }
  return all;
}

function parseYaml(text: string, where: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (cause) {
    // The parser's message quotes the line, which may hold a secret.
    throw new InvalidInput('input.yaml', `${where} is neither YAML nor JSON`, { cause });
  }
}

function objectIn(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidInput('input.object', `${where} must hold names and values`, { hint: 'For example {"host": "sftp.example.org"}.' });
}
