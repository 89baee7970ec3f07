// Seals what signing in through providers keeps for a while or for good, each kind with a key of its own.
import { deriveKey, nonceLength, openBytes, sealBytes } from '../../../base/aead.ts';

/** `bound`: what it belongs to; it opens nowhere else. */
export interface Seal {
  masterKey: Buffer;
  use: 'client-secret' | 'transaction' | 'id-token';
  bound: string;
}

export function seal({ masterKey, use, bound }: Seal, plain: string): Buffer {
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(masterKey, `identity/sso/${use}`), bound: Buffer.from(bound), plain: Buffer.from(plain) });
  return Buffer.concat([nonce, ciphertext]);
}

/** @throws SealBroken */
export function unseal({ masterKey, use, bound }: Seal, sealed: Buffer): string {
  const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
  return openBytes({ key: deriveKey(masterKey, `identity/sso/${use}`), bound: Buffer.from(bound), sealed: parts }).toString();
}
