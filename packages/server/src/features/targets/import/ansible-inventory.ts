// An Ansible inventory as a tree of groups, whichever way it is written; and hosts with what they inherit from their groups.
import { slugOf } from '@tidewheel/contract/slug';
import { type ImportFault, type ImportLine, type Parsed, readValue } from './import-line.ts';

export type Variables = Map<string, unknown>;
/** A value that Ansible Vault has encrypted: there is nothing that could be read of it. */
export const vaulted = Symbol('vaulted');

export interface InventoryGroup {
  hosts: Map<string, { line: number; variables: Variables }>;
  variables: Variables;
  children: Set<string>;
}
export interface Inventory {
  groups: Map<string, InventoryGroup>;
  faults: ImportFault[];
}

export function groupIn(inventory: Inventory, name: string): InventoryGroup {
  const known = inventory.groups.get(name);
  if (known) return known;
  const made: InventoryGroup = { hosts: new Map(), variables: new Map(), children: new Set() };
  inventory.groups.set(name, made);
  return made;
}

/** Groups that every host is in without saying so. */
const implied: ReadonlySet<string> = new Set(['all', 'ungrouped']);

export function hostsOf(inventory: Inventory): Parsed {
  const notes = new Set<string>();
  const parents = parentsIn(inventory);
  const places = new Map<string, { line: number; groups: string[]; own: Variables[] }>();
  for (const [group, { hosts }] of inventory.groups) {
    for (const [name, { line, variables }] of hosts) {
      const place = places.get(name) ?? { line, groups: [], own: [] };
      place.groups.push(group);
      place.own.push(variables);
      places.set(name, place);
    }
  }
  const faults = [...inventory.faults];
  const lines: ImportLine[] = [];
  for (const [name, { line, groups, own }] of places) {
    const all = withParents(groups, parents);
    // What is nearer to the host wins: its own over its groups', theirs over those above.
    const layers = [...[...all].reverse().map((group) => inventory.groups.get(group)?.variables ?? new Map<string, unknown>()), ...own];
    const variables = new Map(layers.flatMap((layer) => [...layer]));
    const taken = lineFrom({ line, name, groups: all.filter((group) => !implied.has(group)), variables, notes });
    lines.push(taken.line);
    faults.push(...taken.faults);
  }
  const groupTitles = new Map([...inventory.groups.keys()].filter((name) => !implied.has(name)).map((name) => [slugOf(name), name]));
  return { columns: [], lines, faults, notes: [...notes], groupTitles };
}

function parentsIn({ groups }: Inventory): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups) for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name]);
  return parents;
}

/** The groups and all above them, the nearest first, `all` last. A circle among them is walked once. */
function withParents(groups: readonly string[], parents: Map<string, string[]>): string[] {
  const seen = new Set(groups);
  for (const group of seen) for (const parent of parents.get(group) ?? []) seen.add(parent);
  seen.delete('all');
  return [...seen, 'all'];
}

interface HostSource {
  line: number;
  name: string;
  groups: string[];
  variables: Variables;
  notes: Set<string>;
}

const secrets = /(pass|passwd|password|secret|token|private_key_passphrase)$/i;

function lineFrom({ line, name, groups, variables, notes }: HostSource): { line: ImportLine; faults: ImportFault[] } {
  const host: ImportLine = { line, name, fields: {}, settings: {}, facts: {}, addsGroups: true };
  const faults: ImportFault[] = [];
  const fault = (message: string, hint?: string) => faults.push({ line, name, message, ...(hint ? { hint } : {}) });
  const slugs = groups.map(slugOf).filter(Boolean);
  if (slugs.length > 0) host.fields.groups = slugs;
  for (const [key, value] of variables) {
    const text = value === vaulted ? '' : scalarText(value);
    const take = taken[key];
    if (value === vaulted || (text?.startsWith('$ANSIBLE_VAULT') ?? false)) {
      if (take) fault(`${key} is encrypted by Ansible Vault`, 'Decrypt it before the import (ansible-vault decrypt), or write it in the clear.');
      else notes.add(`${key} is encrypted by Ansible Vault and was left out: make a credential for what it holds.`);
    } else if (secrets.test(key)) notes.add(`${key} was left out: passwords belong into a credential.`);
    else if (text === undefined) notes.add(`${key} is no plain value and was left out.`);
    else if (/\{\{|\{%/.test(text)) {
      if (take) fault(`${key} is computed by Ansible: ${text.slice(0, 80)}`, 'Write the value itself.');
      else notes.add(`${key} is computed by Ansible and was left out.`);
    } else if (take) take(host, text, fault);
    else if (key.startsWith('ansible_')) notes.add(`${key} says how Ansible works and was left out.`);
    else if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key)) host.facts[key] = readValue(text);
    else notes.add(`${key} is no name that a fact can have and was left out.`);
  }
  return { line: host, faults };
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? '' : undefined;
}

type Take = (host: ImportLine, text: string, fault: (message: string, hint?: string) => void) => void;

const takeAddress: Take = (host, text) => {
  host.fields.address = text;
};
const takePort: Take = (host, text) => {
  host.settings['port'] = readValue(text);
};
const takeUser: Take = (host, text) => {
  host.user = text;
};
const takeConnection: Take = (host, text, fault) => {
  if (['ssh', 'paramiko', 'smart'].includes(text)) host.fields.transport = 'ssh';
  else if (['winrm', 'psrp'].includes(text)) Object.assign(host.fields, { transport: 'winrm', os: 'windows' });
  else fault(`ansible_connection ${text} is no way to a host that is known here`, 'ssh, winrm and psrp are.');
};
const taken: Record<string, Take | undefined> = {
  ansible_host: takeAddress,
  ansible_ssh_host: takeAddress,
  ansible_port: takePort,
  ansible_ssh_port: takePort,
  ansible_user: takeUser,
  ansible_ssh_user: takeUser,
  ansible_connection: takeConnection,
};
