// --set, --secret and --secrets of `credential create` and `rotate`: what is seen, and what never stands in the command line.
import type { Client } from '@tidewheel/client/client';
import { listCredentialTypes } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { CredentialTypeInfo } from '@tidewheel/contract/routes/credentials';
import { readText } from '../../input.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { type SettingOptions, secretFrom } from '../connection/settings.ts';

export const credentialHelp = {
  set: ['--set <name=value>', 'a field that people may see, like user; certificate=@file reads it from a file (see `tidewheel credential types <type>`)'],
  host: ['--host <host>', 'where it may be sent: a host, *.domain or host:port; may be given several times'],
  connection: ['--connection <name>', 'a connection that may use it; may be given several times (left out: any)'],
  expires: ['--expires <date>', 'its end, YYYY-MM-DD; "never" for none'],
  remind: ['--remind <days>', 'days before its end on which administrators are told; may be given several times'],
} as const;

/** @throws NotFound */
export async function credentialTypeOf(client: Client, type: string): Promise<CredentialTypeInfo> {
  const types = await client.call(listCredentialTypes);
  const found = types.find((candidate) => candidate.type === type);
  if (found) return found;
  throw new NotFound('credential_type.unknown', `There is no credential type "${type}".`, { hint: `There is ${types.map((one) => one.type).join(', ')}.` });
}

export async function fieldsFrom(type: CredentialTypeInfo, given: readonly string[]): Promise<Record<string, unknown>> {
  const plain = given.filter((pair) => !pair.includes('=@'));
  const files = given.filter((pair) => pair.includes('=@')).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=@') + 2)] as const);
  const read = await Promise.all(files.map(async ([name, file]) => [name, await readText(file)] as const));
  return { ...valuesFrom(plain, type.fields), ...Object.fromEntries(read) };
}

/** @throws InvalidInput when none was given */
export async function requiredSecret(options: SettingOptions): Promise<Record<string, unknown>> {
  const secret = await secretFrom(options);
  if (secret) return secret;
  throw new InvalidInput('input.secret', 'The secret is missing', {
    hint: 'For example --secret password=- < password.txt, or --secret privateKey=@id_ed25519.',
  });
}

/** `never` is null; left out stays left out. */
export function expiryFrom(text: string | undefined): { expiresOn?: string | null } {
  if (text === undefined) return {};
  return { expiresOn: text === 'never' ? null : text };
}

/** Left out stays left out. */
export function limitsFrom(options: { host?: string[] | undefined; connection?: string[] | undefined; remind?: string[] | undefined }): {
  hosts?: string[];
  connections?: string[];
  remindDays?: number[];
} {
  return {
    ...(options.host ? { hosts: options.host } : {}),
    ...(options.connection ? { connections: options.connection } : {}),
    ...(options.remind ? { remindDays: options.remind.map(Number) } : {}),
  };
}
