// What somebody sets a trigger up with, held against its kind, its flow and the connections that he may use: every fault at once.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import type { TriggerInput, TriggerKind } from '@tidewheel/contract/trigger';
import type { TriggerType } from '@tidewheel/kit/define-trigger';
import { z } from 'zod';
import { type Actor, may } from '../../base/actor.ts';
import { closest } from '../../base/text.ts';
import { faultsOfZod } from '../../base/zod-faults.ts';
import { compile } from '../expressions/compile.ts';
import { namesOf, unknownField, unknownName } from '../expressions/names.ts';
import type { ConnectionPort } from '../ports.ts';

interface Given {
  kind: TriggerKind;
  flow: string;
  document: FlowDocument;
  input: TriggerInput;
}
interface Around {
  kinds: readonly TriggerType[];
  connections: Pick<ConnectionPort, 'list'>;
}

/** @returns the configuration with its defaults. @throws InvalidInput `trigger.invalid` with a fault by path */
export async function checkedConfig({ kinds, connections }: Around, actor: Actor, { kind, flow, document, input }: Given): Promise<Record<string, unknown>> {
  const type = kinds.find((one) => one.kind === kind);
  if (!type) throw refused([{ path: 'kind', message: `there is no kind "${kind}"`, severity: 'error' }]);
  const faults: Fault[] = expressionFaults(document, input, type);
  const parsed = type.config.safeParse(input.config);
  if (!parsed.success) {
    const found = faultsOfZod({ error: parsed.error, input: input.config, schema: type.config, path: ['config'] });
    throw refused([...found.map(({ path, message }): Fault => ({ path, message, severity: 'error' })), ...faults]);
  }
  const config = parsed.data as Record<string, unknown>;
  for (const { path, message } of type.check?.(config) ?? []) faults.push({ path: `config.${path}`, message, severity: 'error' });
  faults.push(...unstorable(config), ...(await connectionFaults({ connections, actor, config, of: connectionTypes(type) })), ...flowFaults(kind, flow, config));
  if (faults.length > 0) throw refused(faults);
  return config;
}

function expressionFaults(document: FlowDocument, { parameters, condition }: TriggerInput, { event }: TriggerType): Fault[] {
  const faults: Fault[] = [];
  const schema = z.toJSONSchema(event, { io: 'output', unrepresentable: 'any' }) as Record<string, unknown>;
  const names = Object.keys(document.parameters);
  for (const [name, expression] of Object.entries(parameters)) {
    const path = `parameters.${name}`;
    if (!names.includes(name)) {
      const slip = closest(name, names);
      faults.push({ path, message: `the flow has no parameter "${name}"${slip ? `; did you mean "${slip}"?` : ''}`, severity: 'error' });
    }
    faults.push(...expressionFault(schema, { path, expression }));
  }
  for (const [name, parameter] of Object.entries(document.parameters))
    if (!(name in parameters) && parameter.default === undefined && parameter.required !== false)
      faults.push({
        path: `parameters.${name}`,
        message: 'is missing: the flow asks for it',
        severity: 'error',
        hint: 'Say where it comes from: event.body.date',
      });
  return condition === null ? faults : [...faults, ...expressionFault(schema, { path: 'condition', expression: condition })];
}

function expressionFault(event: Record<string, unknown>, { path, expression }: { path: string; expression: string }): Fault[] {
  try {
    const compiled = compile(expression);
    const fault = unknownName({ compiled, parameters: namesOf({ event: null }), steps: namesOf({}) });
    if (fault) return [{ path, message: fault.message, severity: 'error', hint: 'Expressions of a trigger see event, now and today; text stands in quotes.' }];
    const strange = unknownField(compiled, 'event', event);
    return strange
      ? [{ path, message: strange.message, severity: 'error', hint: 'What an event holds: tidewheel trigger kinds <kind>, or the form of the trigger.' }]
      : [];
  } catch (thrown) {
    const { message, hint } = thrown as InvalidInput;
    return [{ path, message, severity: 'error', ...(hint === undefined ? {} : { hint }) }];
  }
}

/** As the schema says of its field `connection`. */
function connectionTypes(type: TriggerType): string[] | null {
  const shape = (type.config as unknown as { shape?: Record<string, { meta?(): { of?: string } | undefined }> }).shape;
  return shape?.['connection']?.meta?.()?.of?.split('|') ?? null;
}

async function connectionFaults({
  connections,
  actor,
  config,
  of,
}: Pick<Around, 'connections'> & { actor: Actor; config: Record<string, unknown>; of: string[] | null }): Promise<Fault[]> {
  const slug = config['connection'];
  if (of === null || typeof slug !== 'string') return [];
  const seen = (await connections.list(actor.workspaceId)).filter((one) =>
    may(actor, 'connection.read', { connection: one.slug, folder: one.folder, type: one.type }),
  );
  const found = seen.find((one) => one.slug === slug);
  const fits = seen.filter((one) => of.includes(one.type)).map((one) => one.slug);
  const path = 'config.connection';
  if (found && of.includes(found.type)) return [];
  if (found) return [{ path, message: `needs a connection of the type ${of.join(' or ')}, but "${slug}" is one of the type ${found.type}`, severity: 'error' }];
  const slip = closest(slug, fits);
  return [{ path, message: `there is no connection "${slug}"${slip ? `; did you mean "${slip}"?` : ''}`, severity: 'error' }];
}

function flowFaults(kind: TriggerKind, flow: string, config: Record<string, unknown>): Fault[] {
  const flows = config['flows'];
  if (kind !== 'flow' || !Array.isArray(flows) || !flows.includes(flow)) return [];
  return [{ path: 'config.flows', message: `must not name ${flow}: a flow that starts itself by its end never ends`, severity: 'error' }];
}

function unstorable(value: unknown, path = 'config'): Fault[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? [{ path, message: 'holds a character that is no text', severity: 'error' }] : [];
  if (value && typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => unstorable(item, `${path}.${key}`));
  return [];
}

export function refused(faults: Fault[]): InvalidInput {
  const message = faults
    .map((fault) => `${fault.path}: ${fault.message}`)
    .join('; ')
    .slice(0, 2000);
  return new InvalidInput('trigger.invalid', message, { details: { faults } });
}
