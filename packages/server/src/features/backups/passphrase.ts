// Encryption of a backup by a passphrase: scrypt (RFC 7914) to a key, AES-256-GCM in chunks whose nonces count and mark the last (the STREAM construction),
// so that nothing can be cut, moved or added. The first line tells in clear what the file is; every chunk is bound to it.
import { createHash, randomBytes, scrypt } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { BackupContents } from '@tidewheel/contract/backup';
import { InvalidInput } from '@tidewheel/contract/errors';
import { z } from 'zod';
import { encrypt, keyLength, nonceLength, openBytes, SealBroken } from '../../base/aead.ts';
import { broken } from './backup-file.ts';

const magic = 'tidewheel-backup-encrypted ';
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const maxHeaderBytes = 4_096;
/** As OWASP asks for passwords that guard files: 128 MB and half a second for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1 };

export const About = BackupContents.pick({ workspace: true, scope: true, createdAt: true, createdBy: true });
export type About = z.infer<typeof About>;
const Header = z.object({
  format: z.literal(1),
  kdf: z.literal('scrypt'),
  N: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 18),
  r: z.literal(8),
  p: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  about: About,
});
type Header = z.infer<typeof Header>;

export async function* encrypted(content: AsyncIterable<Uint8Array>, { passphrase, about }: { passphrase: string; about: About }): AsyncGenerator<Buffer> {
  const header: Header = { format: 1, kdf: 'scrypt', ...cost, r: 8, p: 1, salt: randomBytes(16).toString('hex'), about };
  const line = `${magic}${JSON.stringify(header)}\n`;
  const [key, bound] = [await keyOf(header, passphrase), boundTo(line)];
  yield Buffer.from(line);
  let count = 0;
  let held = Buffer.alloc(0);
  for await (const piece of content) {
    held = Buffer.concat([held, piece]);
    // The last chunk is known only when the content ends, so one that is full waits for what follows.
    for (; held.length > chunkBytes; held = held.subarray(chunkBytes))
      yield encrypt({ key, nonce: nonceOf(count++, false), bound, plain: held.subarray(0, chunkBytes) });
  }
  yield encrypt({ key, nonce: nonceOf(count, true), bound, plain: held });
}

/** @throws InvalidInput `backup.passphrase`, `backup.broken` */
export async function* decrypted(content: AsyncIterable<Uint8Array>, { passphrase }: { passphrase: string }): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  let state: { key: Buffer; bound: Buffer } | undefined;
  let count = 0;
  const opened = (ciphertext: Buffer, isLast: boolean): Buffer => {
    if (!state) throw broken('its first line is missing');
    return openChunk({ ...state, ciphertext, count: count++, isLast });
  };
  for await (const piece of content) {
    held = Buffer.concat([held, piece]);
    if (!state) {
      const end = held.indexOf(10);
      if (end < 0 && held.length <= maxHeaderBytes) continue;
      const line = held.subarray(0, end + 1).toString('utf8');
      state = { key: await keyOf(headerOf(line), passphrase), bound: boundTo(line) };
      held = held.subarray(end + 1);
    }
    for (; held.length > chunkBytes + tagBytes; held = held.subarray(chunkBytes + tagBytes)) yield opened(held.subarray(0, chunkBytes + tagBytes), false);
  }
  yield opened(held, true);
}

/** What the first line of a file says, which is not proven before the passphrase opened it; null for a file that is not encrypted. @throws InvalidInput */
export async function readAbout(file: string): Promise<About | null> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(maxHeaderBytes), position: 0 });
    const start = buffer.subarray(0, bytesRead);
    if (!start.subarray(0, magic.length).equals(Buffer.from(magic))) return null;
    return headerOf(start.subarray(0, start.indexOf(10) + 1).toString('utf8')).about;
  } finally {
    await handle.close();
  }
}

/** @throws InvalidInput `backup.newer`, `backup.broken` */
function headerOf(line: string): Header {
  if (!line.startsWith(magic)) throw broken('it is not encrypted, or its first line was changed');
  const given = jsonOf(line.slice(magic.length));
  const { format } = z.object({ format: z.number() }).catch({ format: 0 }).parse(given);
  if (format > 1)
    throw new InvalidInput('backup.newer', `The backup is encrypted by format ${format}; this version reads up to 1.`, {
      hint: 'Update Tidewheel, then restore.',
    });
  const header = Header.safeParse(given);
  if (!header.success) throw broken('its first line cannot be read', header.error);
  return header.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw broken('its first line cannot be read', thrown);
  }
}

function openChunk({ key, bound, ciphertext, count, isLast }: { key: Buffer; bound: Buffer; ciphertext: Buffer; count: number; isLast: boolean }): Buffer {
  try {
    return openBytes({ key, bound, sealed: { nonce: nonceOf(count, isLast), ciphertext } });
  } catch (thrown) {
    if (!(thrown instanceof SealBroken)) throw thrown;
    if (count > 0) throw broken('a part of it was changed or is missing', thrown);
    throw new InvalidInput('backup.passphrase', 'The passphrase does not open this backup.', {
      hint: 'Give the passphrase that it was made with. If it is the right one, the file was changed: take another copy.',
    });
  }
}

function nonceOf(count: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(nonceLength);
  nonce.writeUInt32BE(count, nonceLength - 5);
  nonce[nonceLength - 1] = isLast ? 1 : 0;
  return nonce;
}

function boundTo(line: string): Buffer {
  return createHash('sha256').update(line).digest();
}

// The same characters typed on another keyboard may be other bytes: NFKC, as RFC 8265 has it for passwords.
async function keyOf({ salt, N, r, p }: Header, passphrase: string): Promise<Buffer> {
  const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
  return derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'hex'), keyLength, { N, r, p, maxmem: 256 * N * r });
}
