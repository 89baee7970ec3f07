// Hosts that others lead to come before these, so that a file may name them in any order.
import type { ImportFault, ImportLine } from './import-line.ts';

/** Names of hosts that a line leads to. */
export function namedBy({ fields: { via, dependsOn } }: ImportLine): string[] {
  return [...(typeof via === 'string' ? [via] : []), ...(Array.isArray(dependsOn) ? dependsOn : [])].map((name) => name.toLowerCase());
}

/** In an order in which each can be written. Those in a circle are faults. */
export function inOrder(lines: readonly ImportLine[]): { ordered: ImportLine[]; faults: ImportFault[] } {
  const byName = new Map(lines.map((line) => [line.name.toLowerCase(), line]));
  const state = new Map<ImportLine, 'open' | 'done'>();
  const ordered: ImportLine[] = [];
  const faults: ImportFault[] = [];
  for (const first of lines) {
    // By hand and not by recursion: a chain may be as long as the file.
    const stack = [{ line: first, next: namedBy(first) }];
    if (state.has(first)) continue;
    state.set(first, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const name = top.next.shift();
      const to = name === undefined ? undefined : byName.get(name);
      if (name === undefined) {
        state.set(top.line, 'done');
        ordered.push(top.line);
        stack.pop();
      } else if (to && state.get(to) === 'open') {
        const way = stack.map(({ line }) => line.name).slice(stack.findIndex(({ line }) => line === to));
        faults.push({
          line: top.line.line,
          name: top.line.name,
          message: `leads in a circle: ${[...way, to.name].join(' → ')}`,
          hint: 'Leave one of them out.',
        });
      } else if (to && !state.has(to)) {
        state.set(to, 'open');
        stack.push({ line: to, next: namedBy(to) });
      }
    }
  }
  const faulty = new Set(faults.map(({ line }) => line));
  return { ordered: ordered.filter(({ line }) => !faulty.has(line)), faults };
}
