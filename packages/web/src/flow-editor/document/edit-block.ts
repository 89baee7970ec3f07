// Changes of one part of a flow document. Only the lines of that part are written anew; where a part has no lines of its own, the whole document is.
import { type Document, isAlias, isMap, isNode, isScalar, Pair, parseDocument, visit, type YAMLMap } from 'yaml';
import { type Block, blockAt, blocksAt, keyOf, reading } from './blocks.ts';

/** What can be changed of one part, by the document API of the library: its comments and its order stay. */
export type Edit = (part: YAMLMap) => void;

const writing = { lineWidth: 0 } as const;

/** Changes the map at a path, `['steps', 'read']`. @returns the new text, or the same where there is no such map */
export function editAt(source: string, path: readonly string[], edit: Edit): string {
  const block = path.length === 0 ? null : blockAt(source, path);
  return (block && editBlock({ source, block, edit })) ?? editWhole({ source, path, edit });
}

/** Sets a text of the document itself, such as its title; where it is not there yet it becomes the first entry. */
export function setText(source: string, key: string, value: string): string {
  const block = blockAt(source, [key]);
  if (!block) return insertAt(source, [], { name: key, value, index: 0 });
  return rewritten({ source, block, change: (document) => (document.contents as unknown as YAMLMap).set(key, value) }) ?? source;
}

/** Gives an entry another name; nothing else of its line changes. */
export function renameAt(source: string, path: readonly string[], name: string): string {
  const block = blockAt(source, path);
  if (!block)
    return editWhole({
      source,
      path: path.slice(0, -1),
      edit: (map) => {
        const key = map.items.find((pair) => keyOf(pair) === path.at(-1))?.key;
        if (isScalar(key)) key.value = name;
      },
    });
  const key = new RegExp(`^( {${block.indent}})(["']?)${path.at(-1)}\\2(?=\\s*:)`, 'm');
  return spliced(source, { from: block.from, to: block.to, text: source.slice(block.from, block.to).replace(key, `$1${name}`) });
}

/** Puts an entry at a place of a map that is there: before the entry at `index`, or last. */
export function insertAt(source: string, path: readonly string[], entry: { name: string; value: unknown; index?: number }): string {
  const blocks = blocksAt(source, path);
  if (blocks === null || blocks.length === 0) {
    return editWhole({
      source,
      path,
      edit: (map) => {
        map.items.splice(entry.index ?? map.items.length, 0, pairOf(entry));
        map.flow = map.flow === true && map.items.length > 1;
      },
    });
  }
  const { indent } = blocks[0] as Block;
  const at = blocks[entry.index ?? blocks.length]?.from ?? endOf(source, blocks.at(-1) as Block);
  return spliced(source, { from: at, to: at, text: indented(stringOf(entry), indent) });
}

/** Puts text that was cut out of a map back in, at another place. */
export function moveAt(source: string, path: readonly string[], { name, to }: { name: string; to: number }): string {
  const blocks = blocksAt(source, path);
  if (!blocks) return editWhole({ source, path, edit: (map) => moveItem(map, { name, to }) });
  const from = blocks.findIndex((block) => block.name === name);
  const block = blocks[from];
  if (!block || from === to) return source;
  const texts = blocks.map((one) => ended(source.slice(one.from, endOf(source, one))));
  const gaps = blocks.map((one) => source.slice(endOf(source, one), one.to));
  texts.splice(to, 0, ...texts.splice(from, 1));
  // The blank lines between two parts stay where they are.
  return spliced(source, { from: blocks[0]?.from ?? 0, to: blocks.at(-1)?.to ?? 0, text: texts.map((text, index) => text + gaps[index]).join('') });
}

export function removeAt(source: string, path: readonly string[]): string {
  const block = blockAt(source, path);
  const siblings = blocksAt(source, path.slice(0, -1));
  if (!block || siblings?.length === 1)
    return editWhole({
      source,
      path: path.slice(0, -1),
      edit: (map) => map.delete(path.at(-1)),
    });
  return spliced(source, { from: block.from, to: endOf(source, block), text: '' });
}

function moveItem(map: YAMLMap, { name, to }: { name: string; to: number }): void {
  const from = map.items.findIndex((pair) => keyOf(pair) === name);
  if (from >= 0) map.items.splice(to, 0, ...map.items.splice(from, 1));
}

function editBlock({ source, block, edit }: { source: string; block: Block; edit: Edit }): string | null {
  return rewritten({
    source,
    block,
    change: (document) => {
      const pair = (document.contents as YAMLMap).items[0];
      if (!isMap(pair?.value)) throw new NotAMap();
      edit(pair.value);
    },
  });
}

class NotAMap extends Error {}

/** Reads the lines of a part as a document of their own; null where they cannot stand alone: an alias in them names what is elsewhere. */
function rewritten({ source, block, change }: { source: string; block: Block; change: (document: Document.Parsed) => void }): string | null {
  const end = endOf(source, block);
  const document = parseDocument(outdented(source.slice(block.from, end), block.indent), reading);
  if (document.errors.length > 0 || !isMap(document.contents) || document.contents.items.length !== 1 || namesElsewhere(document)) return null;
  try {
    change(document);
    return spliced(source, { from: block.from, to: end, text: indented(ended(document.toString(writing)), block.indent) });
  } catch (thrown) {
    if (thrown instanceof NotAMap) return null;
    throw thrown;
  }
}

function namesElsewhere(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias: (_, alias) => {
      found ||= alias.resolve(document) === undefined;
    },
  });
  return found;
}

function editWhole({ source, path, edit }: { source: string; path: readonly string[]; edit: Edit }): string {
  const document = parseDocument(source, reading);
  if (document.errors.length > 0) return source;
  let map: unknown = document.contents;
  for (const name of path) map = isMap(map) ? map.get(name, true) : null;
  if (isAlias(map) || !isMap(map)) return source;
  edit(map);
  return document.toString(writing);
}

/** Where a part ends, the blank lines after it left out. */
function endOf(source: string, { from, to }: Block): number {
  const kept = source.slice(from, to).replace(/(?:[ \t]*\r?\n)*[ \t]*$/, '').length;
  const newline = source.indexOf('\n', from + kept);
  return newline < 0 || newline >= to ? to : newline + 1;
}

function stringOf(entry: { name: string; value: unknown }): string {
  const document = parseDocument('{}', reading);
  (document.contents as unknown as YAMLMap).flow = false;
  (document.contents as unknown as YAMLMap).items.push(pairOf(entry));
  return document.toString(writing);
}

function pairOf({ name, value }: { name: string; value: unknown }): Pair {
  const document = parseDocument('', reading);
  return new Pair(document.createNode(name), isNode(value) ? value : document.createNode(value));
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
function outdented(text: string, indent: number): string {
  return text.replaceAll(new RegExp(`^ {0,${indent}}`, 'gm'), '');
}
function indented(text: string, indent: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(indent));
}
function spliced(source: string, { from, to, text }: { from: number; to: number; text: string }): string {
  const head = from > 0 && !source.slice(0, from).endsWith('\n') ? `${source.slice(0, from)}\n` : source.slice(0, from);
  return head + text + source.slice(to);
}
