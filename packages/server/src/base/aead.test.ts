import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, encrypt, nonceLength, openBytes, SealBroken, sealBytes } from './aead.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
const nonce = hex('cafebabefacedbaddecaf888');
const plain = hex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255');
const cipher = '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

// Test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", the AES-256 ones with a 96-bit IV.
const vectors = [
  { name: '13: nothing', key: Buffer.alloc(32), nonce: Buffer.alloc(12), bound: '', plain: '', ciphertext: '', tag: '530f8afbc74536b9a963b4f1c4cb738b' },
  {
    name: '14: one zero block',
    key: Buffer.alloc(32),
    nonce: Buffer.alloc(12),
    bound: '',
    plain: '00'.repeat(16),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  { name: '15: four blocks', key, nonce, bound: '', plain: plain.toString('hex'), ciphertext: cipher, tag: 'b094dac5d93471bdec1a502270e3cc6c' },
  {
    name: '16: a part block with bound data',
    key,
    nonce,
    bound: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plain: plain.subarray(0, 60).toString('hex'),
    ciphertext: cipher.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe('AES-256-GCM', () => {
  it.each(vectors)('gives the published result for $name', (vector) => {
    const bound = hex(vector.bound);
    const ciphertext = encrypt({ key: vector.key, nonce: vector.nonce, bound, plain: hex(vector.plain) });
    expect(ciphertext.toString('hex')).toBe(vector.ciphertext + vector.tag);
    expect(openBytes({ key: vector.key, bound, sealed: { nonce: vector.nonce, ciphertext } }).toString('hex')).toBe(vector.plain);
  });

  const bound = Buffer.from('workspace, credential, purpose');
  const good = { key, bound, sealed: { nonce, ciphertext: encrypt({ key, nonce, bound, plain }) } };

  it('refuses every single flipped bit of ciphertext and tag', () => {
    for (let bit = 0; bit < good.sealed.ciphertext.length * 8; bit++) {
      const ciphertext = Buffer.from(good.sealed.ciphertext);
      ciphertext[bit >> 3] = (ciphertext[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openBytes({ ...good, sealed: { nonce, ciphertext } })).toThrow(SealBroken);
    }
  });
  it('refuses every shorter or longer ciphertext: no short tag is taken', () => {
    for (let length = 0; length < good.sealed.ciphertext.length; length++) {
      expect(() => openBytes({ ...good, sealed: { nonce, ciphertext: good.sealed.ciphertext.subarray(0, length) } })).toThrow(SealBroken);
    }
    expect(() => openBytes({ ...good, sealed: { nonce, ciphertext: Buffer.concat([good.sealed.ciphertext, Buffer.alloc(1)]) } })).toThrow(SealBroken);
  });
  it('refuses tags of all zeros and all ones', () => {
    for (const fill of [0x00, 0xff]) {
      const ciphertext = Buffer.concat([good.sealed.ciphertext.subarray(0, -16), Buffer.alloc(16, fill)]);
      expect(() => openBytes({ ...good, sealed: { nonce, ciphertext } })).toThrow(SealBroken);
    }
  });
  it('refuses another key, nonce or bound text, and nonces of other lengths', () => {
    expect(() => openBytes({ ...good, key: randomBytes(32) })).toThrow(SealBroken);
    expect(() => openBytes({ ...good, bound: Buffer.from('another place') })).toThrow(SealBroken);
    for (const length of [0, 1, 8, 11, nonceLength, 13, 16]) {
      expect(() => openBytes({ ...good, sealed: { nonce: randomBytes(length), ciphertext: good.sealed.ciphertext } })).toThrow(SealBroken);
    }
    expect(() => encrypt({ key: randomBytes(16), nonce, bound, plain })).toThrow(/32 bytes/);
  });
  it('seals the same text differently each time', () => {
    const first = sealBytes({ key, bound, plain });
    const second = sealBytes({ key, bound, plain });
    expect(first.ciphertext.equals(second.ciphertext)).toBe(false);
    expect(openBytes({ key, bound, sealed: first }).equals(openBytes({ key, bound, sealed: second }))).toBe(true);
  });
});

describe('derived keys', () => {
  it('differ by use and stay the same for one use', () => {
    const master = Buffer.alloc(32, 7);
    expect(deriveKey(master, 'a').equals(deriveKey(master, 'a'))).toBe(true);
    expect(deriveKey(master, 'a').equals(deriveKey(master, 'b'))).toBe(false);
  });
});
