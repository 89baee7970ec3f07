// What changed between the before and the after of an entry, value by value; texts of several lines line by line.

export interface ValueChange {
  /** Where in the object: `config.host`; empty for the whole. */
  path: string;
  /** undefined: it was, or is, not there. */
  before: string | undefined;
  after: string | undefined;
  /** For texts of several lines on both sides. */
  lines?: LineChange[];
}
export interface LineChange {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

export function valueChanges(before: unknown, after: unknown): ValueChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    const lines = was?.includes('\n') && is?.includes('\n') ? lineChanges(was, is) : undefined;
    return [{ path, before: was, after: is, ...(lines ? { lines } : {}) }];
  });
}

function leavesOf(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    for (const [key, item] of Object.entries(value)) leavesOf(item, path === '' ? key : `${path}.${key}`, leaves);
  } else if (value !== null && value !== undefined) leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  return leaves;
}

/** Above this the common middle is not looked for: the table of a longest common subsequence grows with the square. */
const mostLines = 1_000;

/** A longest common subsequence of lines, after what both begin and end with. */
export function lineChanges(before: string, after: string): LineChange[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const same = (lines: string[]): LineChange[] => lines.map((text) => ({ kind: 'same', text }));
  const middle = middleChanges(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return [...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))];
}

function middleChanges(old: string[], now: string[]): LineChange[] {
  const lengths = old.length > mostLines || now.length > mostLines ? null : commonLengths(old, now);
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (lengths && was !== undefined && was === is) {
      changes.push({ kind: 'same', text: was });
      i++;
      j++;
    } else if (was !== undefined && (is === undefined || !lengths || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      changes.push({ kind: 'removed', text: was });
      i++;
    } else {
      changes.push({ kind: 'added', text: is ?? '' });
      j++;
    }
  }
  return changes;
}

/** The length of the longest common subsequence from each pair of places on. */
function commonLengths(old: string[], now: string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = lengths[i] as number[];
      row[j] = old[i] === now[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Only what stands near a change, with null for what is left out. */
export function nearChanges(lines: LineChange[], around = 3): (LineChange | null)[] {
  const isNear = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== 'same'));
  return lines.flatMap((line, at) => {
    if (isNear[at]) return [line];
    return at === 0 || isNear[at - 1] ? [null] : [];
  });
}
