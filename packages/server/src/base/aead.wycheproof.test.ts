// Vectors of Project Wycheproof (C2SP/wycheproof, testvectors_v1/aes_gcm_test.json, Apache-2.0): the AES-256 group with nonces of 96 bits, a part of
// each kind: pseudorandom with and without bound data, tags of all ones and zeros that are right, and tags with a flipped bit.
import { expect, it } from 'vitest';
import { encrypt, openBytes, SealBroken } from './aead.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** tcId, key, iv, aad, msg, ct, tag */
const valid: [number, string, string, string, string, string, string][] = [
  [
    98,
    '3b2458d8176e1621c0cc24c0c0e24c1e80d72f7ee9149a4b166176629616d011',
    '45aaa3e5d16d2d42dc03445d',
    '',
    '3ff1514b1c503915918f0c0c31094a6e1f',
    '73a6b6f45f6ccc5131e07f2caa1f2e2f56',
    '2d7379ec1db5952d4e95d30c340b1b1d',
  ],
  [
    99,
    '0212a8de5007ed87b33f1a7090b6114f9e08cefd9607f2c276bdcfdbc5ce9cd7',
    'e6b1adf2fd58a8762c65f31b',
    '',
    '10f1ecf9c60584665d9ae5efe279e7f7377eea6916d2b111',
    '0843fff52d934fc7a071ea62c0bd351ce85678cde3ea2c9e',
    '7355fde599006715053813ce696237a8',
  ],
  [
    100,
    'b279f57e19c8f53f2f963f5f2519fdb7c1779be2ca2b3ae8e1128b7d6c627fc4',
    '98bc2c7438d5cd7665d76f6e',
    'c0',
    'fcc515b294408c8645c9183e3f4ecee5127846d1',
    'eb5500e3825952866d911253f8de860c00831c81',
    'ecb660e1fb0541ec41e8d68a64141b3a',
  ],
  [
    101,
    'cdccfe3f46d782ef47df4e72f0c02d9c7f774def970d23486f11a57f54247f17',
    '376187894605a8d45e30de51',
    '956846a209e087ed',
    'e28e0e9f9d22463ac0e42639b530f42102fded75',
    'feca44952447015b5df1f456df8ca4bb4eee2ce2',
    '082e91924deeb77880e1b1c84f9b8d30',
  ],
  [
    102,
    'f32364b1d339d82e4f132d8f4a0ec1ff7e746517fa07ef1a7f422f4e25a48194',
    '5a86a50a0e8a179c734b996d',
    'ab2ac7c44c60bdf8228c7884adb20184',
    '43891bccb522b1e72a6b53cf31c074e9d6c2df8e',
    '43dda832e942e286da314daa99bef5071d9d2c78',
    'c3922583476ced575404ddb85dd8cd44',
  ],
  [
    103,
    'ff0089ee870a4a39f645b0a5da774f7a5911e9696fc9cad646452c2aa8595a12',
    'bc2a7757d0ce2d8b1f14ccd9',
    '972ab4e06390caae8f99dd6e2187be6c7ff2c08a24be16ef',
    '748b28031621d95ee61812b4b4f47d04c6fc2ff3',
    'a929ee7e67c7a2f91bbcec6389a3caf43ab49305',
    'ebec6774b955e789591c822dab739e12',
  ],
  [
    104,
    '6efca98126918ab564d88c6bec02e8998b2be50e3f906ff9adfdd185f373e756',
    '4abd6cfc83bd06b11efaa2a7',
    '',
    'bbec79c086d41e602d090f7e40494d6bf3faa1dc6df0ab8a88ea5d35d426b248c2ad880351e223f6170d37cc9655e10459e59cbd6d1c092ed31d72ccc7af20',
    '97b4c73a4d8b5b21bc4b50dbb70dfa77b1a7bf0bbe7cf16ecf5bb60ba8070acc5740780435ed145a62a613dd9881b721168fbb3f5af385ee5d4f856cf93cba',
    '27ac8c4010d8e81b7051ceb06b30fe2d',
  ],
  [
    106,
    '81b6b27e5ed90ab99fe6756d4cb41e3f07269687f5afabdb426e29096b5e4466',
    '13e727486031cca21f733375',
    '',
    '9a95a23cfb1e35d89a7597570df0fb0efcbb7429f53bebcbbfa49fa247b251a8508ad497066855d08688576188e4ffb12d1d084dcabec3d57806daf215dcc97edd',
    '7ede7368bca3c93d9f1d7f7750d6e44b1cb92c30e3c9834b0b69efd2470911644ae6f6d75715e13aea8781f8da611a13ac6364c406c1a715b7e97acb22b6e6156e',
    '74e20a93802f43407c8989a37f013802',
  ],
  [
    128,
    '00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f',
    '000000000000000000000000',
    '',
    '561008fa07a68f5c61285cd013464eaf',
    '23293e9b07ca7d1b0cae7cc489a973b3',
    'ffffffffffffffffffffffffffffffff',
  ],
  [
    129,
    '00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f',
    'ffffffffffffffffffffffff',
    '',
    'c6152244cea1978d3e0bc274cf8c0b3b',
    '7cb6fc7c6abc009efe9551a99f36a421',
    '00000000000000000000000000000000',
  ],
];

/** tcId, the bit of the tag that is flipped, tag; key, iv, message and ciphertext are the same in all of them. */
const modifiedTags: [number, number, string][] = [
  [130, 0, '9de8fef6d8ab1bf1bf887232eab590dd'],
  [131, 1, '9ee8fef6d8ab1bf1bf887232eab590dd'],
  [132, 7, '1ce8fef6d8ab1bf1bf887232eab590dd'],
  [133, 8, '9ce9fef6d8ab1bf1bf887232eab590dd'],
  [134, 31, '9ce8fe76d8ab1bf1bf887232eab590dd'],
  [135, 32, '9ce8fef6d9ab1bf1bf887232eab590dd'],
  [136, 33, '9ce8fef6daab1bf1bf887232eab590dd'],
  [137, 63, '9ce8fef6d8ab1b71bf887232eab590dd'],
  [138, 64, '9ce8fef6d8ab1bf1be887232eab590dd'],
  [139, 71, '9ce8fef6d8ab1bf13f887232eab590dd'],
  [140, 77, '9ce8fef6d8ab1bf1bfa87232eab590dd'],
  [141, 80, '9ce8fef6d8ab1bf1bf887332eab590dd'],
  [142, 96, '9ce8fef6d8ab1bf1bf887232ebb590dd'],
  [143, 97, '9ce8fef6d8ab1bf1bf887232e8b590dd'],
  [144, 103, '9ce8fef6d8ab1bf1bf8872326ab590dd'],
  [145, 120, '9ce8fef6d8ab1bf1bf887232eab590dc'],
  [146, 121, '9ce8fef6d8ab1bf1bf887232eab590df'],
  [147, 126, '9ce8fef6d8ab1bf1bf887232eab5909d'],
  [148, 127, '9ce8fef6d8ab1bf1bf887232eab5905d'],
];

it.each(valid)('Wycheproof %i is sealed and opened as published', (_id, key, iv, aad, msg, ct, tag) => {
  const what = { key: hex(key), bound: hex(aad) };
  expect(encrypt({ ...what, nonce: hex(iv), plain: hex(msg) }).toString('hex')).toBe(ct + tag);
  expect(openBytes({ ...what, sealed: { nonce: hex(iv), ciphertext: hex(ct + tag) } }).toString('hex')).toBe(msg);
});

const modified = {
  key: hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
  nonce: hex('505152535455565758595a5b'),
  ciphertext: 'b2061457c0759fc1749f174ee1ccadfa',
  tag: '9ce8fef6d8ab1bf1bf887232eab590dd',
};
const openWith = ({ nonce = modified.nonce, ciphertext = modified.ciphertext + modified.tag }) =>
  openBytes({ key: modified.key, bound: Buffer.alloc(0), sealed: { nonce, ciphertext: hex(ciphertext) } });

it('the unchanged tag of the next vectors opens, so that their refusal means something', () => {
  expect(openWith({}).toString('hex')).toBe('202122232425262728292a2b2c2d2e2f');
});

it.each(modifiedTags)('Wycheproof %i: a tag with bit %i flipped is refused', (_id, _bit, tag) => {
  expect(() => openWith({ ciphertext: modified.ciphertext + tag })).toThrow(SealBroken);
});

it.each([0, 4, 8, 12, 15])('a tag cut to %i bytes is refused', (bytes) => {
  expect(() => openWith({ ciphertext: modified.ciphertext + modified.tag.slice(0, bytes * 2) })).toThrow(SealBroken);
});

it.each([0, 1, 8, 11, 13, 16])('a nonce of %i bytes is refused: only 96 bits are used here', (bytes) => {
  expect(() => openWith({ nonce: Buffer.alloc(bytes) })).toThrow(SealBroken);
});

it.each([0, 16, 24, 31, 33])('a key of %i bytes is a defect of ours', (bytes) => {
  expect(() => encrypt({ key: Buffer.alloc(bytes), nonce: modified.nonce, bound: Buffer.alloc(0), plain: Buffer.alloc(1) })).toThrow(/32 bytes/);
});
