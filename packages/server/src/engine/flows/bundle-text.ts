// Several flows as one YAML stream. Where a document begins is told by its lines alone (YAML 1.2.2, 9.1: `---` and `...` at the start of a line are
// always markers), so that every text comes out as it went in.

export interface BundledText {
  /** Where it begins, from 1. */
  line: number;
  source: string;
}

const startMark = /^---(?=\s|$)/;
const endMark = /^\.\.\.(?=\s|$)/;

/** Texts with a marker of their own come after `...`, the others after `---`. */
export function joinBundle(sources: readonly string[]): string {
  return sources
    .map((source, index) => {
      const text = source.endsWith('\n') ? source : `${source}\n`;
      if (index === 0) return text;
      return startsItself(source) ? `...\n${text}` : `---\n${text}`;
    })
    .join('');
}

function startsItself(source: string): boolean {
  const first = source.split('\n').find((line) => !isPrelude(line));
  return first !== undefined && startMark.test(first);
}

/** Nothing but a remark or a directive. */
function isPrelude(line: string): boolean {
  return /^\s*(?:#|$)/.test(line) || line.startsWith('%');
}

interface Open extends BundledText {
  lines: string[];
  /** A marker has begun it: another one begins the next. */
  isMarked: boolean;
  hasContent: boolean;
}

const opened = (line: number): Open => ({ line, source: '', lines: [], isMarked: false, hasContent: false });

/** Documents without content are left out. */
export function splitBundle(text: string): BundledText[] {
  const found: Open[] = [opened(1)];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const current = found.at(-1) as Open;
    if (endMark.test(line)) found.push(opened(index + 2));
    else if (startMark.test(line)) begin(found, { line, index });
    else {
      current.lines.push(line);
      current.hasContent ||= current.isMarked ? !/^\s*(?:#|$)/.test(line) : !isPrelude(line);
    }
  }
  return found.flatMap(({ line, lines: own, hasContent }, index) => (hasContent ? [{ line, source: textOf(own, index === found.length - 1) }] : []));
}

function begin(found: Open[], { line, index }: { line: string; index: number }): void {
  const current = found.at(-1) as Open;
  const rest = line.slice(3);
  const hasContent = !/^\s*(?:#|$)/.test(rest);
  if (!current.isMarked && !current.hasContent) {
    current.lines.push(line);
    current.isMarked = true;
    current.hasContent = hasContent;
    return;
  }
  const isBare = rest.trim() === '';
  found.push({ ...opened(isBare ? index + 2 : index + 1), lines: isBare ? [] : [line], isMarked: true, hasContent });
}

/** The last one may end without a line break; that of the others stands before the next marker. */
function textOf(lines: string[], isLast: boolean): string {
  return isLast ? lines.join('\n') : lines.map((line) => `${line}\n`).join('');
}
