// Envelope encryption: each secret under a data key of its own, the data key under the key-encryption key that the master key gives.
import { randomBytes } from 'node:crypto';
import { deriveKey, keyLength, masterKeyId, nonceLength, openBytes, sealBytes } from '../../base/aead.ts';

/** Where a secret belongs. Bound into both seals, so that a row copied to another place does not open there. */
export interface SecretPlace {
  workspaceId: string;
  credentialId: string;
  /** What it is for, e.g. `connection:sftp`. */
  purpose: string;
}

export interface Envelope {
  ciphertext: Buffer;
  nonce: Buffer;
  /** Nonce, then the sealed data key. */
  wrapped_key: Buffer;
  key_id: string;
}

export interface KeyEncryptionKey {
  id: string;
  key: Buffer;
}

export function keyEncryptionKey(masterKey: Buffer): KeyEncryptionKey {
  return { id: masterKeyId(masterKey), key: deriveKey(masterKey, 'vault/key-encryption') };
}

// Ids have a fixed length and the purpose comes last, so no two places give the same bytes.
function boundTo(layer: 'data' | 'key', place: SecretPlace): Buffer {
  return Buffer.from(['tidewheel-vault-1', layer, place.workspaceId, place.credentialId, place.purpose].join('\0'));
}

export function sealSecret({ kek, place, plain }: { kek: KeyEncryptionKey; place: SecretPlace; plain: Buffer }): Envelope {
  const dataKey = randomBytes(keyLength);
  try {
    const sealed = sealBytes({ key: dataKey, bound: boundTo('data', place), plain });
    const wrapped = sealBytes({ key: kek.key, bound: boundTo('key', place), plain: dataKey });
    return { ciphertext: sealed.ciphertext, nonce: sealed.nonce, wrapped_key: Buffer.concat([wrapped.nonce, wrapped.ciphertext]), key_id: kek.id };
  } finally {
    dataKey.fill(0);
  }
}

/** @throws SealBroken when anything was changed, moved, or sealed by another key */
export function openSecret({ kek, place, envelope }: { kek: KeyEncryptionKey; place: SecretPlace; envelope: Envelope }): Buffer {
  const wrapped = { nonce: envelope.wrapped_key.subarray(0, nonceLength), ciphertext: envelope.wrapped_key.subarray(nonceLength) };
  const dataKey = openBytes({ key: kek.key, bound: boundTo('key', place), sealed: wrapped });
  try {
    return openBytes({ key: dataKey, bound: boundTo('data', place), sealed: envelope });
  } finally {
    dataKey.fill(0);
  }
}

/** The data key under another key-encryption key; the secret itself is not opened. @throws SealBroken */
export function rewrapKey({ from, to, place, wrapped }: { from: KeyEncryptionKey; to: KeyEncryptionKey; place: SecretPlace; wrapped: Buffer }): Buffer {
  const sealed = { nonce: wrapped.subarray(0, nonceLength), ciphertext: wrapped.subarray(nonceLength) };
  const dataKey = openBytes({ key: from.key, bound: boundTo('key', place), sealed });
  try {
    const anew = sealBytes({ key: to.key, bound: boundTo('key', place), plain: dataKey });
    return Buffer.concat([anew.nonce, anew.ciphertext]);
  } finally {
    dataKey.fill(0);
  }
}
