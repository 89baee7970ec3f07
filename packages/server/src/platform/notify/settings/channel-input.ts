// What is given for a channel, checked by the schemas of its type, every fault named by its path.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { Channel } from '@tidewheel/kit/define-channel';
import { storableJson } from '../../../base/text.ts';
import { faultsOfZod } from '../../../base/zod-faults.ts';

/** Shorter values cannot be told apart from ordinary words in a log, so the redactor would have to leave them in. */
const shortestSecret = 4;

interface InputFault {
  path: string;
  message: string;
  hint?: string | undefined;
}

/** @throws InvalidInput with a fault per path, `config.url` */
export function parseChannelConfig({ config: schema }: Channel, config: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(config);
  if (!parsed.success) throw refused(faultsOfZod({ error: parsed.error, input: config, schema, path: ['config'] }));
  return JSON.parse(storableJson(parsed.data)) as Record<string, unknown>;
}

/** Messages never repeat a value. @throws InvalidInput with a fault per path, `secret.token` */
export function parseChannelSecret({ type, secret: schema }: Channel, secret: Record<string, unknown>): Record<string, unknown> {
  if (!schema) throw refused([{ path: 'secret', message: `a channel of type ${type} has no secret` }]);
  const parsed = schema.safeParse(secret);
  if (!parsed.success) throw refused(faultsOfZod({ error: parsed.error, input: secret, schema, path: ['secret'], withoutValues: true }));
  const values = parsed.data as Record<string, unknown>;
  const short = Object.keys(values).filter((name) => typeof values[name] === 'string' && values[name].trim().length < shortestSecret);
  if (short.length > 0) throw refused(short.map((name) => ({ path: `secret.${name}`, message: `must have at least ${shortestSecret} characters` })));
  return values;
}

export function channelFaults(channel: Channel, settings: { config: Record<string, unknown>; secret: Record<string, unknown> | null }): InputFault[] {
  return channel.unfinished?.(settings) ?? [];
}

export function refused(faults: InputFault[], code = 'channel.invalid'): InvalidInput {
  const list: Fault[] = faults.map(({ path, message, hint }) => ({ path, message, severity: 'error', ...(hint ? { hint } : {}) }));
  const hint = faults.find((fault) => fault.hint)?.hint;
  const message = faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ');
  return new InvalidInput(code, message.slice(0, 2_000), { details: { faults: list }, ...(hint ? { hint } : {}) });
}
