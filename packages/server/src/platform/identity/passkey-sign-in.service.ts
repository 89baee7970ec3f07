// Signing in with a passkey: alone, where the device made sure who holds it, or as the second factor after the password.
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { SignedChallenge } from '@tidewheel/contract/routes/passkeys';
import type { Call } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { isHandleOf, readSignature, requestOptions } from './passkey-ceremony.ts';
import { answerChallenge, keepChallenge, requireSite } from './passkey-challenge.ts';
import { findCredentials, findPasskeyByCredential, notePasskeyUse, type StoredPasskey, type TakenChallenge } from './passkeys.store.ts';
import { finishPending, requirePending } from './second-factor-pending.ts';
import { startSession } from './session-start.store.ts';
import { enter, requireHolder, visitorOf } from './sign-in.service.ts';
import { recordFailedSignIn } from './sign-in-audit.ts';

const expired = () =>
  new NotSignedIn('passkey.expired', 'This was not asked for in this browser within the last minutes, or was answered already.', { hint: 'Try again.' });
const refused = () => new NotSignedIn('passkey.refused', 'This passkey was not accepted.', { hint: 'Try another one, or sign in with your password.' });

/** @throws NotSignedIn without a sign-in that waits, where it is for the second factor */
export async function beginPasskeySignIn(
  { db }: Pick<IdentityDeps, 'db'>,
  { secondFactor, call }: { secondFactor: boolean; call: Call },
): ReturnType<typeof requestOptions> {
  const site = requireSite(call);
  const userId = secondFactor ? (await requirePending(db, call)).userId : null;
  const known = userId === null ? null : await findCredentials(db, { userId, rpId: site.id });
  const options = await requestOptions({ site, known });
  await keepChallenge(db, { challenge: options.challenge, purpose: secondFactor ? 'second-factor' : 'sign-in', userId, call });
  return options;
}

/** Counted and recorded as a sign-in with a password is; by credential, so that guesses at a password do not keep the owner of a passkey out. */
export async function signInWithPasskey(deps: IdentityDeps, signed: SignedChallenge, call: Call): Promise<Me> {
  const attempt = { email: `passkey:${signed.id}`, address: call.address };
  await deps.attempts.begin(attempt);
  const passkey = await findPasskeyByCredential(deps.db, signed.id);
  try {
    await prove(deps, { signed, passkey, call });
  } catch (error) {
    await recordFailedSignIn(deps.db, passkey?.email ?? '', call);
    throw error;
  }
  const token = await startSession(deps.db, passkey?.userId ?? '', visitorOf(call));
  const holder = await requireHolder(deps, token);
  await deps.attempts.succeed(attempt);
  return enter(deps, { holder, token }, call);
}

async function prove(
  { db, log }: Pick<IdentityDeps, 'db' | 'log'>,
  { signed, passkey, call }: { signed: SignedChallenge; passkey: StoredPasskey | undefined; call: Call },
): Promise<void> {
  const site = requireSite(call);
  const answered = await answerChallenge(db, signed.response.clientDataJSON, call);
  if (!answered || answered.purpose === 'register') throw expired();
  if (!passkey || !isMeant(answered, passkey, signed)) throw refused();
  const isAlone = answered.purpose === 'sign-in';
  const because = (error: unknown) => log.info({ err: error, passkey: passkey.id }, 'a passkey was refused');
  const used = await readSignature(signed, { site, challenge: answered.challenge, passkey, isAlone, log: because });
  if (!used || !(await notePasskeyUse(db, { id: passkey.id, ...used }))) throw refused();
  // The password that it comes after is good for one sign-in.
  if (!isAlone && !(await finishPending(db, { userId: passkey.userId, call }))) throw expired();
}

/** Alone, the device must say whose it is, and be right. After a password it must be a passkey of whoever gave that. */
function isMeant({ purpose, userId }: TakenChallenge, passkey: StoredPasskey, { response: { userHandle } }: SignedChallenge): boolean {
  if (userHandle === undefined ? purpose === 'sign-in' : !isHandleOf(userHandle, passkey.userId)) return false;
  return purpose === 'sign-in' || userId === passkey.userId;
}
