// Between steps and lines of the text, for jumping from one to the other.

/** The 1-based line on which a step of the document starts, inside others too; null when it is not found. */
export function lineOfStep(source: string, step: string): number | null {
  const lines = source.split('\n');
  const from = lines.findIndex((line) => /^steps\s*:/.test(line));
  if (from < 0) return null;
  return blockLine(lines, { from, step }) ?? flowLine(lines, { from, step });
}

interface Search {
  from: number;
  step: string;
}

/** By the indentation: a key right below a `steps`. */
function blockLine(lines: string[], { from, step }: Search): number | null {
  const around: { indent: number; key: string }[] = [{ indent: 0, key: 'steps' }];
  for (let at = from + 1; at < lines.length; at++) {
    const key = /^(\s*)["']?(\w+)["']?\s*:/.exec(lines[at] ?? '');
    if (!key) continue;
    const indent = key[1]?.length ?? 0;
    while (around.length > 0 && (around.at(-1)?.indent ?? 0) >= indent) around.pop();
    if (around.length === 0) return null;
    if (key[2] === step && around.at(-1)?.key === 'steps') return at + 1;
    around.push({ indent, key: key[2] ?? '' });
  }
  return null;
}

/** Written in braces: the first place where it stands as a key. */
function flowLine(lines: string[], { from, step }: Search): number | null {
  const key = new RegExp(`[{,]\\s*["']?${step}["']?\\s*:\\s*\\{`);
  const at = lines.findIndex((line, index) => index > from && key.test(line));
  return at < 0 ? null : at + 1;
}

/** The step that a fault's path names, the innermost one: `steps.clean.use` is about `clean`, `steps.group.steps.first.use` about `first`. */
export function stepOfPath(path: string): string | null {
  return /^(?:steps\.(\w+)(?:\.|$))+/.exec(path)?.[1] ?? null;
}
