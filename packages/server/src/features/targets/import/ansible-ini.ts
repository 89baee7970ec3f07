// The INI form of an Ansible inventory.
import { AppError } from '@tidewheel/contract/errors';
import { groupIn, type Inventory, type Variables } from './ansible-inventory.ts';
import { expandRange } from './host-range.ts';

export function parseIni(text: string): Inventory {
  const inventory: Inventory = { groups: new Map(), faults: [] };
  let [group, kind] = ['ungrouped', 'hosts'];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    const at = index + 1;
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^\]:]+)(?::(\w+))?\]\s*(?:[#;].*)?$/.exec(line);
    if (section && !/^\[[^\]]*:\d/.test(line)) {
      [group, kind] = [section[1]?.trim() ?? '', section[2] ?? 'hosts'];
      if (!['hosts', 'vars', 'children'].includes(kind))
        inventory.faults.push({ line: at, name: null, message: `[${group}:${kind}] is no section that an inventory has` });
      groupIn(inventory, group);
    } else if (kind === 'children') groupIn(inventory, group).children.add(wordsOf(line)[0] ?? line);
    else if (kind === 'vars') takeVariable(groupIn(inventory, group).variables, line, { at, inventory });
    else if (kind === 'hosts') takeHost(inventory, { group, line, at });
  }
  return inventory;
}

function takeVariable(variables: Variables, line: string, { at, inventory }: { at: number; inventory: Inventory }): void {
  const found = /^([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/.exec(line);
  if (!found) inventory.faults.push({ line: at, name: null, message: 'is no variable', hint: 'Write name=value.' });
  else variables.set(found[1] ?? '', unquoted((found[2] ?? '').replace(/\s+#.*$/, '')));
}

function takeHost(inventory: Inventory, { group, line, at }: { group: string; line: string; at: number }): void {
  const [pattern = '', ...rest] = wordsOf(line);
  const variables: Variables = new Map();
  for (const word of rest) {
    const cut = word.indexOf('=');
    if (cut < 1) inventory.faults.push({ line: at, name: null, message: `"${word.slice(0, 60)}" is no variable`, hint: 'Write name=value.' });
    else variables.set(word.slice(0, cut), unquoted(word.slice(cut + 1)));
  }
  // A port after the name, but not the colons of IPv6 or of a range.
  const port = /^([^:]*(?:\[[^\]]*\][^:]*)*):(\d{1,5})$/.exec(pattern);
  if (port) variables.set('ansible_port', port[2]);
  try {
    const { hosts } = groupIn(inventory, group);
    for (const name of expandRange(port?.[1] ?? pattern)) {
      const known = hosts.get(name);
      hosts.set(name, { line: at, variables: new Map([...(known?.variables ?? []), ...variables]) });
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    inventory.faults.push({ line: at, name: null, message: thrown.message, ...(thrown.hint ? { hint: thrown.hint } : {}) });
  }
}

/** Words as a shell cuts them, up to a comment. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return comment === -1 ? words : words.slice(0, comment);
}

function unquoted(text: string): string {
  const found = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(text.trim());
  return found ? (found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? '') : text.trim();
}
