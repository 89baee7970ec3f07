// Where the parts of a flow document stand in its text: each entry of a block map is so many whole lines, its comments above it included.
import { isMap, isScalar, type Pair, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';

export const reading = { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, prettyErrors: false } as const;

/** One entry of a map as lines of the text. */
export interface Block {
  name: string;
  from: number;
  to: number;
  /** Where its key stands in its line. */
  indent: number;
}

interface Level {
  map: YAMLMap.Parsed;
  from: number;
  to: number;
}

/** The document as the library reads it; null where the text is no YAML or no map. */
export function readMap(source: string): YAMLMap.Parsed | null {
  const document = parseDocument(source, reading);
  return document.errors.length === 0 && isMap(document.contents) ? (document.contents as YAMLMap.Parsed) : null;
}

/** The entries of the map at a path; null where the map is not there, or is not written as lines of its own. */
export function blocksAt(source: string, path: readonly string[]): Block[] | null {
  const root = readMap(source);
  if (!root) return null;
  let level: Level = { map: root, from: 0, to: source.length };
  for (const name of path) {
    const found: Level | null = inner({ source, level, name });
    if (!found) return null;
    level = found;
  }
  return blocksOf(source, level);
}

export function blockAt(source: string, path: readonly string[]): Block | null {
  return blocksAt(source, path.slice(0, -1))?.find(({ name }) => name === path.at(-1)) ?? null;
}

function inner({ source, level, name }: { source: string; level: Level; name: string }): Level | null {
  const block = blocksOf(source, level)?.find((candidate) => candidate.name === name);
  const value = level.map.items.find((pair) => keyOf(pair) === name)?.value;
  return block && isMap(value) ? { map: value as YAMLMap.Parsed, from: block.from, to: block.to } : null;
}

function blocksOf(source: string, { map, to }: Level): Block[] | null {
  if (map.flow) return null;
  const starts = map.items.map((pair, index) => startOf({ source, pair, before: map.items[index - 1], map }));
  if (starts.some((start) => start === null)) return null;
  return map.items.map((pair, index) => ({
    name: keyOf(pair),
    from: starts[index]?.from ?? 0,
    to: starts[index + 1]?.from ?? to,
    indent: starts[index]?.indent ?? 0,
  }));
}

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** The beginning of an entry: the line of its key, or of the comments right above it that are not deeper than it. */
function startOf({ source, pair, before }: { source: string; pair: ParsedPair; before: ParsedPair | undefined; map: YAMLMap.Parsed }) {
  const key = pair.key.range[0];
  let from = source.lastIndexOf('\n', key - 1) + 1;
  const indent = key - from;
  if (source.slice(from, key).trim() !== '') return null;
  const floor = before ? (before.value?.range[1] ?? before.key.range[1]) : 0;
  while (from > 0) {
    const above = source.lastIndexOf('\n', from - 2) + 1;
    const line = /^([ \t]*)#/.exec(source.slice(above, from));
    if (!line || above < floor || (line[1]?.length ?? 0) > indent) break;
    from = above;
  }
  return { from, indent };
}

export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}
