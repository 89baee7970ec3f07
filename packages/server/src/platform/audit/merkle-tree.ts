// The Merkle tree of RFC 9162 section 2.1 over kept roots of complete subtrees. Pure: says which of them a proof needs, and joins them.
import { createHash } from 'node:crypto';
import { Bug } from '@tidewheel/contract/errors';

/** Leaves from `start` up to, not including, `end`. */
interface Range {
  start: number;
  end: number;
}
/** The root of the complete subtree over leaves `index * 2^level` and following; level 0 is a leaf. */
export interface Node {
  level: number;
  index: number;
}
export type Nodes = ReadonlyMap<string, Buffer>;

export function keyOf({ level, index }: Node): string {
  return `${level}/${index}`;
}

export function hashLeaf(leaf: string | Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(leaf).digest();
}
function hashChildren(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** The root of a tree without leaves. */
const emptyRoot = createHash('sha256').digest();

/** Section 2.1.3.1: the siblings on the way from a leaf to the root. */
function inclusionRanges(leaf: number, { start, end }: Range): Range[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  const [inside, beside] =
    leaf < middle
      ? [
          { start, end: middle },
          { start: middle, end },
        ]
      : [
          { start: middle, end },
          { start, end: middle },
        ];
  return [...inclusionRanges(leaf, inside), beside];
}

/** Section 2.1.4.1: what shows that a tree began with an earlier one. `known`: the earlier root is this very subtree's. */
function consistencyRanges(earlier: number, { start, end }: Range, known: boolean): Range[] {
  if (earlier === end) return known ? [] : [{ start, end }];
  const middle = start + splitOf(end - start);
  if (earlier <= middle) return [...consistencyRanges(earlier, { start, end: middle }, known), { start: middle, end }];
  return [...consistencyRanges(earlier, { start: middle, end }, false), { start, end: middle }];
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The complete subtrees of a range that begins where one of its size may begin, largest first. */
function completeNodes({ start, end }: Range): Node[] {
  const nodes: Node[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    while (2 ** (level + 1) <= end - at) level++;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

function hashOf(range: Range, nodes: Nodes): Buffer {
  const hashes = completeNodes(range).map((node) => {
    const hash = nodes.get(keyOf(node));
    if (!hash) throw new Bug('audit.node_missing', `The audit tree lacks the node ${keyOf(node)}.`);
    return hash;
  });
  return hashes.reduceRight((right, left) => hashChildren(left, right));
}

/** A question to the tree: the nodes to load first, then the answer. */
export interface TreeQuestion<T> {
  needs: Node[];
  answer(nodes: Nodes): T;
}

export function root(size: number): TreeQuestion<Buffer> {
  const all = { start: 0, end: size };
  return { needs: completeNodes(all), answer: (nodes) => (size === 0 ? emptyRoot : hashOf(all, nodes)) };
}
export function inclusion(leaf: number, size: number): TreeQuestion<Buffer[]> {
  return asked(inclusionRanges(leaf, { start: 0, end: size }));
}
export function consistency(earlier: number, size: number): TreeQuestion<Buffer[]> {
  return asked(earlier === 0 || earlier === size ? [] : consistencyRanges(earlier, { start: 0, end: size }, true));
}
function asked(ranges: Range[]): TreeQuestion<Buffer[]> {
  return { needs: ranges.flatMap(completeNodes), answer: (nodes) => ranges.map((range) => hashOf(range, nodes)) };
}

/** What a tree of `size` leaves needs to grow: the roots of its complete subtrees. */
export function edge(size: number): Node[] {
  return completeNodes({ start: 0, end: size });
}

/** The subtrees that become complete when `leaves` follow upon `size`. `nodes` holds the edge; it is not changed. */
export function grow({ size, leaves, nodes }: { size: number; leaves: Buffer[]; nodes: Nodes }): (Node & { hash: Buffer })[] {
  const all = new Map(nodes);
  const made: (Node & { hash: Buffer })[] = [];
  leaves.forEach((leaf, offset) => {
    let node: Node = { level: 0, index: size + offset };
    let hash = leaf;
    all.set(keyOf(node), hash);
    while (node.index % 2 === 1) {
      const left = all.get(keyOf({ level: node.level, index: node.index - 1 }));
      if (!left) throw new Bug('audit.node_missing', `The audit tree lacks the node ${node.level}/${node.index - 1}.`);
      hash = hashChildren(left, hash);
      node = { level: node.level + 1, index: (node.index - 1) / 2 };
      all.set(keyOf(node), hash);
      made.push({ ...node, hash });
    }
  });
  return made;
}
