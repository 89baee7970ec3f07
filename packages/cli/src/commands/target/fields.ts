// What `target create`, `change` and `try` take, as the body of the API.
import { Option } from '@commander-js/extra-typings';
import type { Client } from '@tidewheel/client/client';
import { listTransports } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TargetChange } from '@tidewheel/contract/target';
import { type CommandText, command, gather } from '../../command.ts';
import { valuesFrom } from '../../parameter-values.ts';

export const fieldHelp = {
  title: ['--title <text>', 'what people see; its name when empty'],
  description: ['--description <text>', 'what it is for'],
  os: () => new Option('--os <system>', 'its operating system; linux for a new host').choices(['linux', 'windows'] as const),
  transport: ['--transport <kind>', 'how it is reached, as ssh or winrm; the usual way of its system when omitted (see `tidewheel target transports`)'],
  set: ['--set <name=value>', 'a setting of the transport, as port=2222; may be given several times'],
  credential: ['--credential <name>', 'the credential it signs in with; - for none'],
  via: ['--via <host>', 'another host to reach it through; - for none'],
  dependsOn: ['--depends-on <host>', 'a host that must work before it; may be given several times, - for none'],
  category: ['--category <path>', 'as production/web; - for none'],
  tag: ['--tag <tag>', 'may be given several times: all that it shall have; - for none'],
  group: ['--group <group>', 'a group with a list of hosts; may be given several times: all that it shall be in, - for none'],
  fact: ['--fact <name=value>', 'something to know about it; may be given several times, an empty value takes it away'],
} as const;

/** A command that takes every field of a host; `address`: what its help says of that one. */
export function fieldCommand(name: string, text: CommandText, { address }: { address: string }) {
  return command(name, text)
    .option('--address <host>', address)
    .option(...fieldHelp.title)
    .option(...fieldHelp.description)
    .addOption(fieldHelp.os())
    .option(...fieldHelp.transport)
    .option(...fieldHelp.set, gather)
    .option(...fieldHelp.credential)
    .option(...fieldHelp.via)
    .option(...fieldHelp.dependsOn, gather)
    .option(...fieldHelp.category)
    .option(...fieldHelp.tag, gather)
    .option(...fieldHelp.group, gather)
    .option(...fieldHelp.fact, gather);
}

export interface FieldOptions {
  title?: string | undefined;
  description?: string | undefined;
  os?: 'linux' | 'windows' | undefined;
  transport?: string | undefined;
  set?: string[] | undefined;
  credential?: string | undefined;
  via?: string | undefined;
  dependsOn?: string[] | undefined;
  category?: string | undefined;
  tag?: string[] | undefined;
  group?: string[] | undefined;
  fact?: string[] | undefined;
}

interface Present {
  os: 'linux' | 'windows';
  transport: string;
  settings: Record<string, unknown>;
  facts: TargetChange['facts'];
}

/** @throws InvalidInput */
export async function fieldsFrom(client: Client, options: FieldOptions, present?: Present): Promise<TargetChange> {
  const orNone = (text: string | undefined) => (text === '-' ? null : text);
  const listed = (list: string[] | undefined) => (list?.includes('-') ? [] : list);
  const all: TargetChange = {
    title: options.title,
    description: options.description,
    os: options.os,
    transport: options.transport,
    settings: options.set && { ...present?.settings, ...valuesFrom(options.set, await schemaFor(client, options, present)) },
    credential: orNone(options.credential),
    via: orNone(options.via),
    dependsOn: listed(options.dependsOn),
    category: orNone(options.category),
    tags: listed(options.tag),
    groups: listed(options.group),
    facts: options.fact && factsFrom(options.fact, present?.facts ?? {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function schemaFor(client: Client, { transport, os }: FieldOptions, present: Present | undefined): Promise<Record<string, unknown>> {
  const all = await client.call(listTransports);
  const system = os ?? present?.os ?? 'linux';
  const kind = transport ?? (present && system === present.os ? present.transport : undefined);
  const found =
    kind === undefined ? (all.find((one) => one.os[0] === system) ?? all.find((one) => one.os.includes(system))) : all.find((one) => one.kind === kind);
  if (found) return found.settings;
  throw new InvalidInput('input.transport', `There is no transport ${kind ?? `for ${system}`}`, { hint: `There is ${all.map((one) => one.kind).join(', ')}.` });
}

function factsFrom(pairs: string[], present: NonNullable<TargetChange['facts']>): NonNullable<TargetChange['facts']> {
  const facts = { ...present };
  for (const [name, text] of Object.entries(valuesFrom(pairs, {}) as Record<string, string>)) {
    if (text === '') delete facts[name];
    else facts[name] = /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : text === 'true' || text === 'false' ? text === 'true' : text;
  }
  return facts;
}
