// The codes of an account: of its authenticator app, and the recovery codes for the day that everything else is lost.
import { createHash, randomBytes } from 'node:crypto';
import { deriveKey, nonceLength, openBytes, sealBytes } from '../../base/aead.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { findFactor, replaceRecoveryCodes, takeRecoveryCode, takeStep } from './second-factor.store.ts';
import { base32, matchingStep } from './totp.ts';

type Keyed = Pick<IdentityDeps, 'masterKey'>;

const recoveryCodes = 10;

export function sealSecret({ masterKey }: Keyed, userId: string, secret: Buffer): Buffer {
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(masterKey, 'identity/totp'), bound: Buffer.from(userId), plain: secret });
  return Buffer.concat([nonce, ciphertext]);
}

export function openSecret({ masterKey }: Keyed, userId: string, sealed: Buffer): Buffer {
  const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
  return openBytes({ key: deriveKey(masterKey, 'identity/totp'), bound: Buffer.from(userId), sealed: parts });
}

/** Takes a code of the app or a recovery code; each works once. */
export async function takeCode(deps: Keyed & { db: Db }, { userId, code }: { userId: string; code: string }): Promise<boolean> {
  const plain = code.replace(/[\s-]/g, '').toLowerCase();
  if (!/^\d{6}$/.test(plain)) return takeRecoveryCode(deps.db, { userId, hash: hashOf(userId, plain) });
  const factor = await findFactor(deps.db, userId);
  if (!factor?.isConfirmed) return false;
  const step = matchingStep({ secret: openSecret(deps, userId, factor.sealedSecret), code: plain, now: new Date() });
  return step !== undefined && takeStep(deps.db, { userId, step, confirm: false });
}

function hashOf(userId: string, code: string): string {
  return createHash('sha256').update(`${userId}:${code}`).digest('hex');
}

export async function makeRecoveryCodes(trx: IdentityTransaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, () => base32(randomBytes(10)).toLowerCase());
  await replaceRecoveryCodes(trx, { userId, hashes: codes.map((code) => hashOf(userId, code)) });
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}
