import { describe, expect, it } from 'vitest';
import { isConsistent, rootFromPath, verifyNote } from '../../../../cli/src/commands/audit/verifier.ts';
import { checkpointText, createSigner } from './checkpoint.ts';
import { consistency, grow, hashLeaf, inclusion, keyOf, type Nodes, root } from './merkle-tree.ts';

// The reference tree of Certificate Transparency (RFC 6962, whose hashes RFC 9162 section 2.1 keeps): leaves and roots as in
// github.com/google/certificate-transparency, merkletree/merkle_tree_test.cc, and transparency-dev/merkle, testonly/reference.go.
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  hashLeaf(Buffer.from(hex, 'hex')),
);
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const node = (level: number, index: number) => ({ level, index });

/** Grown in two parts, as the sequencer does, so that the edge counts too. */
function treeOf(hashes: Buffer[], split = Math.floor(hashes.length / 3)): Nodes {
  const nodes = new Map<string, Buffer>(hashes.map((hash, index) => [keyOf(node(0, index)), hash]));
  for (const [from, to] of [
    [0, split],
    [split, hashes.length],
  ] as const) {
    for (const made of grow({ size: from, leaves: hashes.slice(from, to), nodes: new Map(nodes) })) nodes.set(keyOf(made), made.hash);
  }
  return nodes;
}

const many = Array.from({ length: 70 }, (_, index) => hashLeaf(`leaf ${index}`));
const treeOfMany = treeOf(many);
const rootOf = (size: number) => root(size).answer(treeOfMany);

describe('the tree', () => {
  it.each(roots.map((hash, size) => ({ hash, size })))('of the first $size reference leaves has the published root', ({ hash, size }) => {
    expect(
      root(size)
        .answer(treeOf(leaves.slice(0, size)))
        .toString('hex'),
    ).toBe(hash);
  });
  it.each([
    {
      leaf: 0,
      size: 8,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    { leaf: 2, size: 3, path: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  ])('proves reference leaf $leaf of $size with the published path', ({ leaf, size, path }) => {
    const question = inclusion(leaf, size);
    expect(question.answer(treeOf(leaves)).map((hash) => hash.toString('hex'))).toEqual(path);
  });
  it('proves every leaf of every size, with no more nodes than it named, and no other leaf', () => {
    for (let size = 1; size <= many.length; size++) {
      for (let leaf = 0; leaf < size; leaf++) {
        const question = inclusion(leaf, size);
        const path = question.answer(new Map(question.needs.map((one) => [keyOf(one), treeOfMany.get(keyOf(one)) as Buffer])));
        expect(rootFromPath({ index: leaf, size, hash: many[leaf] as Buffer, path })?.equals(rootOf(size))).toBe(true);
        const other = rootFromPath({ index: leaf, size, hash: hashLeaf('another'), path });
        expect(other?.equals(rootOf(size))).toBe(false);
      }
    }
  });
  it('proves that each tree began with each earlier one, and with no other', () => {
    for (let size = 1; size <= many.length; size++) {
      for (let earlier = 1; earlier <= size; earlier++) {
        const proof = consistency(earlier, size).answer(treeOfMany);
        const later = { size, root: rootOf(size) };
        expect(isConsistent({ earlier: { size: earlier, root: rootOf(earlier) }, later, proof })).toBe(true);
        expect(isConsistent({ earlier: { size: earlier, root: hashLeaf('another') }, later, proof })).toBe(false);
      }
    }
  });
});

describe('checkpoints', () => {
  // golang.org/x/mod/sumdb/note, the example of its documentation.
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
  it('are verified as others sign them', () => {
    expect(verifyNote(note, key)).toBe(text);
    expect(() => verifyNote(note.replace('answer', 'question'), key)).toThrow(/does not hold/);
  });
  it('are signed by a key that follows from the master key', () => {
    const [signer, other] = [createSigner(Buffer.alloc(32, 1)), createSigner(Buffer.alloc(32, 2))];
    const signed = signer.sign(checkpointText({ workspaceId: 'w', size: 3, root: Buffer.alloc(32, 9) }));
    expect(verifyNote(signed, signer.key)).toBe(`tidewheel-audit/w\n3\n${Buffer.alloc(32, 9).toString('base64')}\n`);
    expect(() => verifyNote(signed, other.key)).toThrow(/does not hold/);
    expect(createSigner(Buffer.alloc(32, 1)).key).toBe(signer.key);
  });
});
