// The connectors of this installation: found by type, their settings checked, every fault named by its path.
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import type { Connector, ConnectorFault, ConnectorLimits } from '@tidewheel/kit/define-connector';
import { z } from 'zod';
import { closest } from '../../base/text.ts';
import { faultsOfZod } from '../../base/zod-faults.ts';

/** Shorter values cannot be told apart from ordinary words in a log, so the redactor would have to leave them in. */
const shortestSecret = 4;

export interface ConnectorSet {
  all: readonly Connector[];
  limits: ConnectorLimits;
}

/** @throws NotFound with the closest type */
export function connectorOf({ all }: ConnectorSet, type: string): Connector {
  const found = all.find((connector) => connector.type === type);
  if (found) return found;
  const types = all.map((connector) => connector.type);
  const close = closest(type, types);
  throw new NotFound('connector.unknown', `There is no connector type ${JSON.stringify(type)}.`, {
    hint: close ? `Did you mean "${close}"?` : `There are ${types.join(', ')}.`,
  });
}

export function connectorInfo(connector: Connector): ConnectorInfo {
  const { type, title, icon, description, config, secret, examples } = connector;
  const schema = (of: z.ZodType) => z.toJSONSchema(of, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return { type, title, icon, description, config: schema(config), secret: secret && schema(secret), examples: examples as ConnectorInfo['examples'] };
}

/** Settings as the connector's schema gives them. @throws InvalidInput with a fault per path, `config.host` */
export function parseConfig(connector: Connector, config: unknown): Record<string, unknown> {
  const parsed = connector.config.safeParse(config);
  if (!parsed.success) {
    throw refused(
      faultsOfZod({ error: parsed.error, input: config, schema: connector.config, path: ['config'] }).map(({ path, message }) => ({ path, message })),
    );
  }
  const odd = unstorable(parsed.data, 'config');
  if (odd.length > 0) throw refused(odd);
  return parsed.data as Record<string, unknown>;
}

/** A secret as the connector's schema gives it. Messages never repeat a value. @throws InvalidInput with a fault per path, `secret.password` */
export function parseSecret(connector: Connector, secret: Record<string, unknown>): Record<string, unknown> {
  if (!connector.secret) throw refused([{ path: 'secret', message: `a connection of type ${connector.type} has no secret` }]);
  const parsed = connector.secret.safeParse(secret);
  if (!parsed.success) throw refused(faultsOfZod({ error: parsed.error, input: secret, schema: connector.secret, path: ['secret'], withoutValues: true }));
  const short = shortTexts(parsed.data, 'secret');
  if (short.length > 0)
    throw refused(
      short.map((path) => ({ path, message: `must have at least ${shortestSecret} characters`, hint: 'A shorter one cannot be kept out of logs.' })),
    );
  return parsed.data as Record<string, unknown>;
}

/** What this installation does not allow, and what is still missing. */
export async function refuseInadmissible({
  set,
  connector,
  config,
  saving,
}: {
  set: ConnectorSet;
  connector: Connector;
  config: Record<string, unknown>;
  saving: boolean;
}): Promise<void> {
  const faults: ConnectorFault[] = [...((await connector.admit?.(config, set.limits)) ?? []), ...(saving ? (connector.unfinished?.(config) ?? []) : [])];
  if (faults.length > 0) throw refused(faults.map((fault) => ({ ...fault, path: `config.${fault.path}` })));
}

export function refused(faults: { path: string; message: string; hint?: string | undefined }[]): InvalidInput {
  const list: Fault[] = faults.map(({ path, message, hint }) => ({ path, message, severity: 'error', ...(hint ? { hint } : {}) }));
  const hint = faults.find((fault) => fault.hint)?.hint;
  return new InvalidInput(
    'connection.invalid',
    faults
      .map(({ path, message }) => `${path}: ${message}`)
      .join('; ')
      .slice(0, 2000),
    { details: { faults: list }, ...(hint ? { hint } : {}) },
  );
}

/** The settings that say where the secret goes and that differ. */
export function changedDestination(connector: Connector, before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return (connector.destination ?? []).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function shortTexts(value: unknown, path: string): string[] {
  if (typeof value === 'string') return value.trim().length < shortestSecret ? [path] : [];
  if (value && typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => shortTexts(item, `${path}.${key}`));
  return [];
}

// Postgres keeps neither U+0000 nor lone surrogates in jsonb; silently changed settings would be worse than refused ones.
function unstorable(value: unknown, path: string): { path: string; message: string }[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? [{ path, message: 'holds a character that is no text (U+0000 or half a surrogate pair)' }] : [];
  if (value && typeof value === 'object')
    return Object.entries(value).flatMap(([key, item]) => [...unstorable(key, path), ...unstorable(item, `${path}.${key}`)]);
  return [];
}
