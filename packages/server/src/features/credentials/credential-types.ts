// The types of credentials: found by name, what is given checked against their schemas, every fault named by its path and no value repeated.
import { type CredentialType, credentialTypes } from '@tidewheel/contract/credential-types';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { CredentialTypeInfo } from '@tidewheel/contract/routes/credentials';
import { z } from 'zod';
import { closest } from '../../base/text.ts';
import { faultsOfZod } from '../../base/zod-faults.ts';

type Values = Record<string, unknown>;

/** @throws NotFound with the closest type */
export function typeOf(name: string): CredentialType {
  const found = credentialTypes.find((type) => type.type === name);
  if (found) return found;
  const names = credentialTypes.map((type) => type.type);
  const close = closest(name, names);
  throw new NotFound('credential_type.unknown', `There is no credential type ${JSON.stringify(name)}.`, {
    hint: close ? `Did you mean "${close}"?` : `There are ${names.join(', ')}.`,
  });
}

export function typeInfo({ type, title, icon, description, fields, secret }: CredentialType): CredentialTypeInfo {
  const schema = (of: z.ZodType) => z.toJSONSchema(of, { io: 'input', unrepresentable: 'any' }) as Values;
  return { type, title, icon, description, fields: schema(fields), secret: schema(secret) };
}

/** @throws InvalidInput with a fault per path, `fields.user` */
export function parseFields({ fields }: CredentialType, given: Values): Values {
  const parsed = fields.safeParse(given);
  if (!parsed.success) throw refused(faultsOfZod({ error: parsed.error, input: given, schema: fields, path: ['fields'] }));
  const odd = Object.entries(parsed.data).filter(([, value]) => typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()));
  if (odd.length > 0) throw refused(odd.map(([name]) => ({ path: `fields.${name}`, message: 'holds a character that is no text' })));
  return parsed.data;
}

/** Messages never repeat a value. @throws InvalidInput with a fault per path, `secret.password` */
export function parseSecret({ secret }: CredentialType, given: Values): Values {
  const parsed = secret.safeParse(given);
  if (parsed.success) return parsed.data as Values;
  throw refused(faultsOfZod({ error: parsed.error, input: given, schema: secret, path: ['secret'], withoutValues: true }));
}

export function refused(faults: { path: string; message: string; hint?: string | undefined }[]): InvalidInput {
  const list: Fault[] = faults.map(({ path, message, hint }) => ({ path, message, severity: 'error', ...(hint ? { hint } : {}) }));
  const hint = faults.find((fault) => fault.hint)?.hint;
  const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new InvalidInput('credential.invalid', text.slice(0, 2_000), { details: { faults: list }, ...(hint ? { hint } : {}) });
}
