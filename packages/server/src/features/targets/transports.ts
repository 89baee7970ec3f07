// The ways to reach a host, and settings held against them.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { TransportInfo } from '@tidewheel/contract/routes/targets';
import type { TargetSystem } from '@tidewheel/contract/target';
import type { Transport } from '@tidewheel/kit/define-transport';
import { z } from 'zod';
import { closest } from '../../base/text.ts';
import { faultsOfZod } from '../../base/zod-faults.ts';

export function transportInfo({ kind, title, icon, description, os, settings, credentialTypes, takesVia, gather }: Transport): TransportInfo {
  const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return { kind, title, icon, description, os: [...os], settings: schema, credentialTypes: [...credentialTypes], takesVia, gathers: gather !== undefined };
}

/** The one named, or the usual one of the system. @throws InvalidInput */
export function transportOf(transports: readonly Transport[], { kind, os }: { kind: string | undefined; os: TargetSystem }): Transport {
  const usual = transports.find((one) => one.os[0] === os) ?? transports.find((one) => one.os.includes(os));
  const found = kind === undefined ? usual : transports.find((one) => one.kind === kind);
  if (!found) {
    const kinds = transports.map((one) => one.kind);
    const slip = kind === undefined ? undefined : closest(kind, kinds);
    const message = kind === undefined ? `nothing here reaches a host with ${os}` : `there is no transport "${kind}"`;
    throw refused([{ path: 'transport', message, hint: slip ? `Did you mean "${slip}"?` : `There is ${kinds.join(', ') || 'none'}.` }]);
  }
  if (!found.os.includes(os)) throw refused([{ path: 'transport', message: `${found.title} does not reach hosts with ${os}` }]);
  return found;
}

/** @throws InvalidInput with a fault per path, `settings.port` */
export function parseSettings(transport: Transport, settings: unknown): Record<string, unknown> {
  const parsed = transport.settings.safeParse(settings);
  if (!parsed.success) {
    throw refused(
      faultsOfZod({ error: parsed.error, input: settings, schema: transport.settings, path: ['settings'] }).map(({ path, message }) => ({ path, message })),
    );
  }
  const odd = unstorable(parsed.data, 'settings');
  if (odd.length > 0) throw refused(odd);
  return parsed.data as Record<string, unknown>;
}

export interface TargetFault {
  path: string;
  message: string;
  hint?: string | undefined;
}

export function refused(faults: readonly TargetFault[]): InvalidInput {
  const list: Fault[] = faults.map(({ path, message, hint }) => ({ path, message, severity: 'error', ...(hint ? { hint } : {}) }));
  const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const hint = faults.find((fault) => fault.hint)?.hint;
  return new InvalidInput('target.invalid', text.slice(0, 2_000), { details: { faults: list }, ...(hint ? { hint } : {}) });
}

// Postgres keeps neither U+0000 nor lone surrogates in jsonb; silently changed settings would be worse than refused ones.
export function unstorable(value: unknown, path: string): TargetFault[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? [{ path, message: 'holds a character that is no text (U+0000 or half a surrogate pair)' }] : [];
  if (value && typeof value === 'object')
    return Object.entries(value).flatMap(([key, item]) => [...unstorable(key, path), ...unstorable(item, `${path}.${key}`)]);
  return [];
}
