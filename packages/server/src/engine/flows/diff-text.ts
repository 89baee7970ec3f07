// What changed between two texts, line by line: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986).
import type { TextDiff, TextHunk } from '@tidewheel/contract/flow-diff';

type Line = TextHunk['lines'][number];

const around = 3;
/** Texts that differ more than that are shown as one taken out and the other put in; the search would cost its square. */
const mostEdits = 1_500;

export function diffText(before: string, after: string): TextDiff {
  const lines = diffLines(linesOf(before), linesOf(after));
  const count = (kind: Line['kind']): number => lines.filter((line) => line.kind === kind).length;
  return { added: count('added'), removed: count('removed'), hunks: hunksOf(lines) };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What both begin and end with is left out of the search. */
function diffLines(before: string[], after: string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...asLines('same', before.slice(0, start)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...asLines('same', before.slice(before.length - end)),
  ];
}

function asLines(kind: Line['kind'], texts: string[]): Line[] {
  return texts.map((text) => ({ kind, text }));
}

function diffMiddle(before: string[], after: string[]): Line[] {
  const trace = shortestEdit(before, after);
  if (!trace) return [...asLines('removed', before), ...asLines('added', after)];
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits] as Int32Array;
    const at = (diagonal: number): number => furthest[diagonal + edits + 1] as number;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const fromX = edits === 0 ? 0 : at(down ? diagonal + 1 : diagonal - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? diagonal + 1 : diagonal - 1);
    for (; x > fromX && y > fromY; x -= 1, y -= 1) lines.push({ kind: 'same', text: before[x - 1] as string });
    if (edits === 0) break;
    if (down) lines.push({ kind: 'added', text: after[fromY] as string });
    else lines.push({ kind: 'removed', text: before[fromX] as string });
    [x, y] = [fromX, fromY];
  }
  return lines.reverse();
}

/** @returns before each round, the furthest x on the diagonals that rounds before reached; null when there is too much to search */
function shortestEdit(before: string[], after: string[]): Int32Array[] | null {
  const most = Math.min(before.length + after.length, mostEdits);
  const furthest = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [left, right] = [furthest[middle + diagonal - 1] as number, furthest[middle + diagonal + 1] as number];
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest[middle + diagonal] = x;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return null;
}

function hunksOf(lines: Line[]): TextHunk[] {
  const hunks: TextHunk[] = [];
  let [before, after, lastChange] = [1, 1, Number.NEGATIVE_INFINITY];
  const nextChange = distances(lines);
  let open: TextHunk | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'same') lastChange = index;
    if (index - lastChange <= around || (nextChange[index] as number) <= around) {
      if (!open) {
        open = { before, after, lines: [] };
        hunks.push(open);
      }
      open.lines.push(line);
    } else open = null;
    if (line.kind !== 'added') before += 1;
    if (line.kind !== 'removed') after += 1;
  }
  return hunks;
}

/** How far it is from each line to the next change. */
function distances(lines: Line[]): number[] {
  const found: number[] = [];
  let distance = Number.POSITIVE_INFINITY;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    distance = lines[index]?.kind === 'same' ? distance + 1 : 0;
    found[index] = distance;
  }
  return found;
}
