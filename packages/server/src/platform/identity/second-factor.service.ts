// The second factor as its owner and an administrator handle it: the authenticator app, recovery codes, and what there is in all.
import { randomBytes } from 'node:crypto';
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { RouteReply } from '@tidewheel/contract/route';
import type { showSecondFactor as showRoute } from '@tidewheel/contract/routes/second-factor';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findPerson } from './account-links.store.ts';
import { requireAccountInReach } from './account-reach.ts';
import { emailCodeFault } from './email-code.service.ts';
import { hasEmailFactor } from './email-code.store.ts';
import { findProfile } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { relyingParty } from './passkey-site.ts';
import { countPasskeys } from './passkeys.store.ts';
import { countRecoveryCodes, deleteFactor, deleteMethods, findFactor, findMethods, lockMethods, savePendingFactor, takeStep } from './second-factor.store.ts';
import { makeRecoveryCodes, openSecret, sealSecret } from './second-factor-codes.ts';
import { type Proof, partWithMethod, requireProof, signedInRecently, welcomeMethod, wrongCode } from './second-factor-proof.ts';
import { userOf } from './session-cookie.ts';
import { endSessionsOf } from './sessions.store.ts';
import { base32, matchingStep, otpauthUri } from './totp.ts';

const secretBytes = 20;

const isOn = () => new Conflict('second_factor.on', 'You have an authenticator app set up already.', { hint: 'Switch it off first.' });

export async function showSecondFactor(deps: IdentityDeps, actor: Actor, call: Call): Promise<RouteReply<typeof showRoute>> {
  const { db } = deps;
  const { userId } = userOf(actor);
  const methods = await findMethods(db, userId);
  return {
    on: methods.length > 0,
    required: await roleRequires(deps, actor),
    recoveryCodesLeft: methods.length > 0 ? await countRecoveryCodes(db, userId) : 0,
    app: methods.includes('app'),
    email: { on: await hasEmailFactor(db, userId), fault: await emailCodeFault(deps, actor) },
    passkeys: await countPasskeys(db, userId),
    passkeyOrigin: relyingParty(call.origin)?.origin ?? null,
    recentSignIn: await signedInRecently(db, actor),
  };
}

export async function roleRequires({ db }: Pick<IdentityDeps, 'db'>, actor: Actor): Promise<boolean> {
  return (await findProfile(db, userOf(actor)))?.needsFactor ?? false;
}

/** @throws Conflict when there is one already */
export async function beginSecondFactor(deps: IdentityDeps, actor: Actor, proof: Proof): Promise<{ secret: string; uri: string }> {
  if ((await findMethods(deps.db, userOf(actor).userId)).includes('app')) throw isOn();
  const { id, email } = await requireProof(deps, actor, proof);
  const secret = randomBytes(secretBytes);
  if (!(await savePendingFactor(deps.db, { userId: id, sealedSecret: sealSecret(deps, id, secret) }))) throw isOn();
  return { secret: base32(secret), uri: otpauthUri({ secret, email }) };
}

/** @throws InvalidInput, Conflict */
export async function confirmSecondFactor(deps: IdentityDeps, actor: Actor, { code }: { code: string }): Promise<{ recoveryCodes: string[] | null }> {
  const { userId } = userOf(actor);
  return deps.db.transaction().execute(async (trx) => {
    const before = await lockMethods(trx, userId);
    const factor = await findFactor(trx, userId);
    if (!factor || factor.isConfirmed) throw new Conflict('second_factor.not_begun', 'There is nothing to confirm.', { hint: 'Begin anew.' });
    const step = matchingStep({ secret: openSecret(deps, userId, factor.sealedSecret), code: code.replace(/\s/g, ''), now: new Date() });
    if (step === undefined || !(await takeStep(trx, { userId, step, confirm: true }))) throw wrongCode();
    await recordAudit(trx, actor, { action: 'second_factor.added', object: { type: 'user', id: userId, title: actor.label } });
    return welcomeMethod(trx, { userId, before, sessionId: actor.sessionId });
  });
}

/** @throws Conflict without a second factor */
export async function renewRecoveryCodes(deps: IdentityDeps, actor: Actor, proof: Proof): Promise<{ recoveryCodes: string[] }> {
  const { id } = await requireProof(deps, actor, proof);
  return deps.db.transaction().execute(async (trx) => {
    if ((await lockMethods(trx, id)).length === 0)
      throw new Conflict('second_factor.off', 'Recovery codes are for a second factor, and you have none.', { hint: 'Set one up first.' });
    await recordAudit(trx, actor, { action: 'recovery_codes.renewed', object: { type: 'user', id, title: actor.label } });
    return { recoveryCodes: await makeRecoveryCodes(trx, id) };
  });
}

/** @throws Conflict when the role requires one and there is no other */
export async function removeSecondFactor(deps: IdentityDeps, actor: Actor, proof: Proof): Promise<{ removed: true }> {
  const { id } = await requireProof(deps, actor, proof);
  const required = await roleRequires(deps, actor);
  await deps.db.transaction().execute(async (trx) => {
    await lockMethods(trx, id);
    if (!(await deleteFactor(trx, id))) throw new Conflict('second_factor.off', 'You have no authenticator app set up.');
    await partWithMethod(trx, { userId: id, required });
    await recordAudit(trx, actor, { action: 'second_factor.removed', object: { type: 'user', id, title: actor.label } });
  });
  return { removed: true };
}

/** @throws NotFound */
export async function resetSecondFactor({ db }: IdentityDeps, actor: Actor, id: string): Promise<{ removed: boolean }> {
  requirePermission(actor, 'user.edit');
  const person = await findPerson(db, { id, workspaceId: actor.workspaceId });
  if (!person) throw new NotFound('user.unknown', 'There is no such person in this workspace.');
  await requireAccountInReach(db, actor, id);
  return db.transaction().execute(async (trx) => {
    const methods = await deleteMethods(trx, id);
    if (methods.length === 0) return { removed: false };
    await endSessionsOf(trx, { userId: id });
    await recordAudit(trx, actor, { action: 'second_factor.removed', object: { type: 'user', id, title: person.email }, before: { methods } });
    return { removed: true };
  });
}
