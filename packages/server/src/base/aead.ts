// AES-256-GCM (NIST SP 800-38D) as this product uses it: 32-byte keys, random 12-byte nonces, 16-byte tags behind the ciphertext.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Bug, Conflict } from '@tidewheel/contract/errors';

const algorithm = 'aes-256-gcm';
const tagLength = 16;
export const keyLength = 32;
export const nonceLength = 12;

/** Something sealed was changed, belongs elsewhere, or the key is another one: AES-GCM cannot tell which. */
export class SealBroken extends Conflict {
  constructor(message: string) {
    super('seal.broken', message, { hint: 'The stored secret or the master key was changed: restore both from one backup, or enter the secret again.' });
  }
}

export interface Sealed {
  nonce: Buffer;
  /** Ciphertext with the tag behind it. */
  ciphertext: Buffer;
}

/** Seals with a fresh random nonce. `bound` is authenticated but not kept: the opener has to give the same. */
export function sealBytes({ key, bound, plain }: { key: Buffer; bound: Buffer; plain: Buffer }): Sealed {
  const nonce = randomBytes(nonceLength);
  return { nonce, ciphertext: encrypt({ key, nonce, bound, plain }) };
}

/** The cipher with a nonce of the caller's choice: for test vectors. A nonce used twice with one key gives the key stream away. */
export function encrypt({ key, nonce, bound, plain }: { key: Buffer; nonce: Buffer; bound: Buffer; plain: Buffer }): Buffer {
  checkLengths(key, nonce);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  cipher.setAAD(bound);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealBroken */
export function openBytes({ key, bound, sealed }: { key: Buffer; bound: Buffer; sealed: Sealed }): Buffer {
  if (sealed.nonce.length !== nonceLength || sealed.ciphertext.length < tagLength) throw new SealBroken('The sealed bytes are cut short.');
  checkLengths(key, sealed.nonce);
  const end = sealed.ciphertext.length - tagLength;
  const decipher = createDecipheriv(algorithm, key, sealed.nonce, { authTagLength: tagLength });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.ciphertext.subarray(end));
  const plain = decipher.update(sealed.ciphertext.subarray(0, end));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new SealBroken('The seal does not hold.');
  }
}

function checkLengths(key: Buffer, nonce: Buffer): void {
  if (key.length !== keyLength || nonce.length !== nonceLength) throw new Bug('aead.length', 'A key must have 32 bytes and a nonce 12.');
}

/** A key for one use from the master key (HKDF-SHA256, RFC 5869), so that no two uses share one. */
export function deriveKey(masterKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), Buffer.from(`tidewheel/${use}`), keyLength));
}

/** Tells master keys apart and gives nothing away. */
export function masterKeyId(masterKey: Buffer): string {
  return `local:${deriveKey(masterKey, 'vault/key-id').toString('hex').slice(0, 16)}`;
}
