// The second factor: a device with a shared secret, and recovery codes for when it is lost.
import { createHash, randomBytes } from 'node:crypto';
import { Conflict, InvalidInput, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { deriveKey, nonceLength, openBytes, sealBytes } from '../../base/aead.ts';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findPerson, type Person } from './account-links.store.ts';
import { type Db, findProfile, type IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { requireOwnPassword } from './passwords.service.ts';
import { countRecoveryCodes, deleteFactor, findFactor, replaceRecoveryCodes, savePendingFactor, takeRecoveryCode, takeStep } from './second-factor.store.ts';
import { userOf } from './session-cookie.ts';
import { endSessionsOf } from './sessions.store.ts';
import { base32, matchingStep, otpauthUri } from './totp.ts';

type Keyed = Pick<IdentityDeps, 'masterKey'>;

const secretBytes = 20;
const recoveryCodes = 10;

function seal({ masterKey }: Keyed, userId: string, secret: Buffer): Buffer {
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(masterKey, 'identity/totp'), bound: Buffer.from(userId), plain: secret });
  return Buffer.concat([nonce, ciphertext]);
}

function unseal({ masterKey }: Keyed, userId: string, sealed: Buffer): Buffer {
  const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
  return openBytes({ key: deriveKey(masterKey, 'identity/totp'), bound: Buffer.from(userId), sealed: parts });
}

export const factorMissing = () =>
  new NotSignedIn('auth.second_factor_required', 'A code of your second factor is needed.', {
    hint: 'Give the six digits of your device, or a recovery code.',
  });
const wrongCode = (path = 'code') =>
  new InvalidInput('second_factor.wrong_code', 'This code is wrong, or was used already.', {
    hint: 'Wait for the next code of your device, and check its clock.',
    details: { faults: [{ path, message: 'is wrong, or was used already', severity: 'error' }] },
  });

/** For signing in, after the password was right. @throws NotSignedIn when a code is needed and missing or wrong */
export async function passSecondFactor(deps: Keyed & { db: Db }, userId: string, code: string | undefined): Promise<void> {
  const factor = await findFactor(deps.db, userId);
  if (!factor?.isConfirmed) return;
  if (code === undefined) throw factorMissing();
  if (!(await takeCode(deps, { userId, code })))
    throw new NotSignedIn('auth.wrong_code', 'This code is wrong, or was used already.', { hint: 'Wait for the next code.' });
}

/** Takes a code of the device or a recovery code; each works once. */
async function takeCode(deps: Keyed & { db: Db }, { userId, code }: { userId: string; code: string }): Promise<boolean> {
  const factor = await findFactor(deps.db, userId);
  if (!factor?.isConfirmed) return false;
  const plain = code.replace(/[\s-]/g, '').toLowerCase();
  if (!/^\d{6}$/.test(plain)) return takeRecoveryCode(deps.db, { userId, hash: hashOf(userId, plain) });
  const step = matchingStep({ secret: unseal(deps, userId, factor.sealedSecret), code: plain, now: new Date() });
  return step !== undefined && takeStep(deps.db, { userId, step, confirm: false });
}

function hashOf(userId: string, code: string): string {
  return createHash('sha256').update(`${userId}:${code}`).digest('hex');
}

async function makeRecoveryCodes(trx: IdentityTransaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, () => base32(randomBytes(10)).toLowerCase());
  await replaceRecoveryCodes(trx, { userId, hashes: codes.map((code) => hashOf(userId, code)) });
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}

export async function showSecondFactor({ db }: IdentityDeps, actor: Actor): Promise<{ on: boolean; required: boolean; recoveryCodesLeft: number }> {
  const { userId, workspaceId } = userOf(actor);
  const profile = await findProfile(db, { userId, workspaceId });
  const on = profile?.hasFactor ?? false;
  return { on, required: profile?.needsFactor ?? false, recoveryCodesLeft: on ? await countRecoveryCodes(db, userId) : 0 };
}

/** @throws Conflict when there is one already */
export async function beginSecondFactor(
  deps: IdentityDeps,
  actor: Actor,
  { password, call }: { password: string; call: Call },
): Promise<{ secret: string; uri: string }> {
  const { id, email } = await requireOwnPassword(deps, actor, { password, path: 'password', call });
  const secret = randomBytes(secretBytes);
  if (!(await savePendingFactor(deps.db, { userId: id, sealedSecret: seal(deps, id, secret) })))
    throw new Conflict('second_factor.on', 'You have a second factor already.', { hint: 'Switch it off first.' });
  return { secret: base32(secret), uri: otpauthUri({ secret, email }) };
}

/** @throws InvalidInput, Conflict */
export async function confirmSecondFactor(deps: IdentityDeps, actor: Actor, { code }: { code: string }): Promise<{ recoveryCodes: string[] }> {
  const { userId } = userOf(actor);
  return deps.db.transaction().execute(async (trx) => {
    const factor = await findFactor(trx, userId);
    if (!factor || factor.isConfirmed) throw new Conflict('second_factor.not_begun', 'There is nothing to confirm.', { hint: 'Begin anew.' });
    const step = matchingStep({ secret: unseal(deps, userId, factor.sealedSecret), code: code.replace(/\s/g, ''), now: new Date() });
    if (step === undefined || !(await takeStep(trx, { userId, step, confirm: true }))) throw wrongCode();
    await endSessionsOf(trx, { userId, but: actor.sessionId });
    await recordAudit(trx, actor, { action: 'second_factor.added', object: { type: 'user', id: userId, title: actor.label } });
    return { recoveryCodes: await makeRecoveryCodes(trx, userId) };
  });
}

/** Password and code together count as one attempt, so that neither can be guessed on its own. */
async function requireBoth(deps: IdentityDeps, actor: Actor, { password, code, call }: { password: string; code: string; call: Call }): Promise<Person> {
  const also = async ({ id }: Person): Promise<void> => {
    if (!(await takeCode(deps, { userId: id, code }))) throw wrongCode();
  };
  return requireOwnPassword(deps, actor, { password, path: 'password', call, also });
}

interface Proof {
  password: string;
  code: string;
  call: Call;
}

export async function renewRecoveryCodes(deps: IdentityDeps, actor: Actor, proof: Proof): Promise<{ recoveryCodes: string[] }> {
  const { id } = await requireBoth(deps, actor, proof);
  return deps.db.transaction().execute(async (trx) => ({ recoveryCodes: await makeRecoveryCodes(trx, id) }));
}

/** @throws Conflict when the role requires it */
export async function removeSecondFactor(deps: IdentityDeps, actor: Actor, proof: Proof): Promise<{ removed: true }> {
  const { required } = await showSecondFactor(deps, actor);
  if (required)
    throw new Conflict('second_factor.required', 'Your role requires a second factor.', { hint: 'An administrator can reset it for a new device.' });
  const { id } = await requireBoth(deps, actor, proof);
  await deps.db.transaction().execute(async (trx) => {
    await deleteFactor(trx, id);
    await recordAudit(trx, actor, { action: 'second_factor.removed', object: { type: 'user', id, title: actor.label } });
  });
  return { removed: true };
}

/** @throws NotFound */
export async function resetSecondFactor({ db }: IdentityDeps, actor: Actor, id: string): Promise<{ removed: boolean }> {
  requirePermission(actor, 'user.edit');
  const person = await findPerson(db, { id, workspaceId: actor.workspaceId });
  if (!person) throw new NotFound('user.unknown', 'There is no such person in this workspace.');
  return db.transaction().execute(async (trx) => {
    const removed = await deleteFactor(trx, id);
    if (removed) {
      await endSessionsOf(trx, { userId: id });
      await recordAudit(trx, actor, { action: 'second_factor.removed', object: { type: 'user', id, title: person.email } });
    }
    return { removed };
  });
}
