// Reads the YAML of a flow into plain data, and remembers in which line each part of it stands.
import { TooLarge } from '@tidewheel/contract/errors';
import { flowLimits } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import { dotted } from '../../base/zod-faults.ts';
import { findExcess } from './yaml-guard.ts';

export type Keys = readonly (string | number)[];

export interface YamlSource {
  /** Undefined when the text is no YAML. */
  value: unknown;
  faults: Fault[];
  /** The line of a part, or of the closest part around it that stands in the text. */
  lineOf(keys: Keys): number | undefined;
}

/** Aliases may blow a small text up: beyond this it is refused. */
const mostValues = 500_000;
const mostCharacters = 8_000_000;
const mostFaults = 50;

/** YAML 1.2, core schema: no custom tags, no merge keys, unique keys. @throws TooLarge */
export function readYaml(source: string): YamlSource {
  const bytes = Buffer.byteLength(source);
  if (bytes > flowLimits.sourceBytes) {
    throw new TooLarge(
      'flow.too_large',
      `The flow document has ${bytes.toLocaleString('en')} bytes; at most ${flowLimits.sourceBytes.toLocaleString('en')} are allowed.`,
    );
  }
  if (source.includes('\u0000') || !source.isWellFormed())
    return broken([{ path: dotted([]), message: 'the text holds a character that cannot be kept (U+0000 or half a surrogate pair)', severity: 'error' }]);
  const excess = findExcess(source);
  if (excess) return broken([{ path: dotted([]), message: excess.message, line: excess.line, severity: 'error' }]);
  return parse(source);
}

function broken(faults: Fault[]): YamlSource {
  return { value: undefined, faults, lineOf: () => undefined };
}

function parse(source: string): YamlSource {
  const lines = new LineCounter();
  // uniqueKeys compares every pair of keys (a minute for 50,000): we look for duplicates ourselves.
  const document = parseDocument(source, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    merge: false,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return broken(
      problems
        .slice(0, mostFaults)
        .map((problem) => ({ path: dotted([]), message: inWords(problem.message), line: lineAt(problem.pos[0]), severity: 'error' })),
    );
  const root = document.contents;
  if (root === null)
    return broken([{ path: dotted([]), message: 'the document is empty', severity: 'error', hint: 'Start with `flow:`, `title:` and `steps:`.' }]);
  const faults = inspect({ root, lineAt });
  const lineOf = (keys: Keys): number | undefined => lineAt(offsetOf(root, keys));
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (isTooMuch(value)) return broken([{ path: dotted([]), message: 'the aliases in the document expand to too much', severity: 'error' }]);
    return { value, faults, lineOf };
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const message = thrown.message.startsWith('Excessive') ? 'the aliases in the document expand to too much' : inWords(thrown.message);
    return broken([{ path: dotted([]), message, severity: 'error' }]);
  }
}

function inWords(message: string): string {
  const known = [
    [/^Unresolved tag: (.*)$/, 'tags like $1 are not supported'],
    [/^Source contains multiple documents.*$/, 'the text holds several documents (---); a flow is one'],
    [/^With stringKeys.*$/, 'keys must be plain text'],
    [/^Tabs are not allowed as indentation$/, 'tabs cannot indent; use spaces'],
    [/^Unresolved alias .*: (.*)$/, 'the alias *$1 has no anchor before it'],
  ] as const;
  for (const [pattern, words] of known) if (pattern.test(message)) return message.replace(pattern, words);
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Faults that plain data no longer shows: repeated keys, and values that would be changed on the way. The guard bounds the depth. */
function inspect({ root, lineAt }: { root: ParsedNode; lineAt: (offset: number) => number }): Fault[] {
  const faults: Fault[] = [];
  const report = (node: Node, keys: Keys, message: string, hint?: string): void => {
    if (faults.length >= mostFaults) return;
    faults.push({ path: dotted(keys), message, severity: 'error', line: lineAt(node.range?.[0] ?? 0), ...(hint !== undefined && { hint }) });
  };
  const visit = (node: unknown, keys: Keys): void => {
    if (isScalar(node)) inspectScalar({ value: node.value, source: node.source, report: (message, hint) => report(node, keys, message, hint) });
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...keys, index]);
    else if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = keyOf(pair.key);
        if (seen.has(key)) report(pair.key as Node, [...keys, key], 'is there twice');
        if (key.includes('\u0000') || !key.isWellFormed()) report(pair.key as Node, [...keys, key], 'holds a character that cannot be kept');
        seen.add(key);
        visit(pair.value, [...keys, key]);
      }
    }
  };
  visit(root, []);
  return faults;
}

function inspectScalar({ value, source, report }: { value: unknown; source: string | undefined; report: (message: string, hint?: string) => void }): void {
  if (typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed()))
    report('holds a character that cannot be kept (U+0000 or half a surrogate pair)');
  if (typeof value !== 'number') return;
  if (!Number.isFinite(value)) report('must be a finite number');
  else if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/[.eE]/.test(source ?? ''))
    report(`${source ?? value} has too many digits to be kept exactly`, 'Put it in quotes to make it a text.');
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Follows the keys as far as the text has them. Aliases are followed to their anchor's place in the text by stopping at the alias. */
function offsetOf(root: ParsedNode, keys: Keys): number {
  let node: unknown = root;
  let offset = root.range[0];
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item.key) === String(key));
      if (!isPair(pair)) break;
      offset = (pair.key as Node | null)?.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
    if (isAlias(node)) break;
  }
  return offset;
}

function isTooMuch(value: unknown): boolean {
  let values = 0;
  let characters = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const item = waiting.pop();
    values++;
    if (typeof item === 'string') characters += item.length;
    else if (typeof item === 'object' && item !== null) for (const inner of Object.values(item)) waiting.push(inner);
    if (values > mostValues || characters > mostCharacters) return true;
  }
  return false;
}
