// The YAML form of an Ansible inventory.
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import { isAlias, isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { groupIn, type Inventory, type Variables, vaulted } from './ansible-inventory.ts';
import { expandRange } from './host-range.ts';

interface Reading {
  inventory: Inventory;
  lineOf(node: unknown): number;
  depth: number;
}
const deepest = 50;

/** @throws InvalidInput when it is no YAML, or no mapping of groups */
export function parseYaml(text: string): Inventory {
  const lines = new LineCounter();
  const customTags = [
    { tag: '!vault', resolve: () => vaulted },
    { tag: '!unsafe', resolve: (value: string) => value },
  ];
  const document = parseDocument(text, { lineCounter: lines, customTags, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    throw new InvalidInput('target.import_yaml', `This is no YAML${line === undefined ? '' : `, as of line ${line}`}: ${error.message.split('\n', 1)[0]}`, {});
  }
  if (!isMap(document.contents))
    throw new InvalidInput('target.import_yaml', 'An inventory in YAML is a mapping of groups.', {
      hint: 'It begins with all:, below it hosts: or children:.',
    });
  const inventory: Inventory = { groups: new Map(), faults: [] };
  const lineOf = (node: unknown): number => lines.linePos((node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0).line;
  for (const pair of document.contents.items) readGroup({ inventory, lineOf, depth: 0 }, pair);
  return inventory;
}

function readGroup(reading: Reading, { key, value }: Pair): void {
  const { inventory, lineOf, depth } = reading;
  const group = groupIn(inventory, nameOf(key));
  if (value === null || (isScalar(value) && value.value === null)) return;
  if (!isMap(value) || depth > deepest) {
    inventory.faults.push({
      line: lineOf(key),
      name: null,
      message: isAlias(value) ? 'is an alias, which is not read' : `the group ${nameOf(key)} is no mapping`,
    });
    return;
  }
  for (const part of value.items) {
    const what = nameOf(part.key);
    if (what === 'hosts') for (const host of entriesOf(part.value)) readHost(reading, { host, hosts: group.hosts });
    else if (what === 'vars') for (const variable of entriesOf(part.value)) group.variables.set(nameOf(variable.key), plain(variable.value));
    else if (what === 'children')
      for (const child of entriesOf(part.value)) {
        group.children.add(nameOf(child.key));
        readGroup({ ...reading, depth: depth + 1 }, child);
      }
    else
      inventory.faults.push({
        line: lineOf(part.key),
        name: null,
        message: `"${what}" is nothing that a group has`,
        hint: 'A group has hosts, vars and children.',
      });
  }
}

function readHost({ inventory, lineOf }: Reading, { host, hosts }: { host: Pair; hosts: Map<string, { line: number; variables: Variables }> }): void {
  const line = lineOf(host.key);
  const variables: Variables = new Map(entriesOf(host.value).map(({ key, value }) => [nameOf(key), plain(value)]));
  try {
    for (const name of expandRange(nameOf(host.key))) hosts.set(name, { line, variables: new Map([...(hosts.get(name)?.variables ?? []), ...variables]) });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    inventory.faults.push({ line, name: null, message: thrown.message, ...(thrown.hint ? { hint: thrown.hint } : {}) });
  }
}

function entriesOf(node: unknown): Pair[] {
  return isMap(node) ? (node as YAMLMap).items : [];
}
function nameOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : String(node);
}
/** A value that is no scalar is left out later, with a note. */
function plain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  return node === null ? null : {};
}
