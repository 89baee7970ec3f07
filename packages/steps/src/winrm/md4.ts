// MD4 (RFC 1320), which NTLM needs and OpenSSL 3 no longer offers. Broken as a hash: for nothing else.
const shifts: readonly (readonly number[])[] = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
];
const orders: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
];
const constants = [0, 0x5a827999, 0x6ed9eba1];

type Words = readonly [number, number, number];
const mixes: readonly ((words: Words) => number)[] = [([x, y, z]) => (x & y) | (~x & z), ([x, y, z]) => (x & y) | (x & z) | (y & z), ([x, y, z]) => x ^ y ^ z];

export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) state = absorb(state, padded.subarray(at, at + 64));
  const digest = Buffer.alloc(16);
  for (const [index, word] of state.entries()) digest.writeUInt32LE(word >>> 0, index * 4);
  return digest;
}

function absorb(state: readonly number[], block: Buffer): number[] {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const [round, order] of orders.entries()) {
    for (const [step, word] of order.entries()) {
      const mixed = (a + (mixes[round]?.([b, c, d]) ?? 0) + block.readUInt32LE(word * 4) + (constants[round] ?? 0)) | 0;
      const shift = shifts[round]?.[step % 4] ?? 0;
      [a, b, c, d] = [d, (mixed << shift) | (mixed >>> (32 - shift)), b, c];
    }
  }
  return [a + (state[0] ?? 0), b + (state[1] ?? 0), c + (state[2] ?? 0), d + (state[3] ?? 0)];
}
