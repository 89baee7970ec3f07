// What changing factors needs besides an open session, which somebody else may have found open.
import { Conflict, InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { findPerson, type Person } from './account-links.store.ts';
import type { Db, IdentityTransaction } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { requireOwnPassword } from './passwords.service.ts';
import { deleteRecoveryCodes, findMethods, isYoungSession, type Method } from './second-factor.store.ts';
import { makeRecoveryCodes, takeCode } from './second-factor-codes.ts';
import { userOf } from './session-cookie.ts';
import { endSessionsOf } from './sessions.store.ts';

export interface Proof {
  password?: string | undefined;
  /** Besides the password, by those who have a second factor. */
  code?: string | undefined;
  call: Call;
}

const recentMinutes = 10;

export const wrongCode = (path = 'code') =>
  new InvalidInput('second_factor.wrong_code', 'This code is wrong, or was used already.', {
    hint: 'Wait for the next code of your app, and check its clock.',
    details: { faults: [{ path, message: 'is wrong, or was used already', severity: 'error' }] },
  });

const codeNeeded = () =>
  new InvalidInput('second_factor.code_needed', 'Besides the password a code of your second factor is needed.', {
    hint: 'Give a code of your app or a recovery code; or sign in again, then it needs neither for ten minutes.',
    details: { faults: [{ path: 'code', message: 'is missing', severity: 'error' }] },
  });

/** Whoever signed in a moment ago gave both factors then. */
export async function signedInRecently(db: Db, actor: Actor): Promise<boolean> {
  return actor.sessionId !== undefined && (await isYoungSession(db, { id: actor.sessionId, minutes: recentMinutes }));
}

/**
 * Password and, with a second factor, a code; or a session that began a moment ago. Password and code together count as one attempt, so that
 * neither can be guessed on its own. @throws InvalidInput, NotAllowed, TooMany
 */
export async function requireProof(deps: IdentityDeps, actor: Actor, { password, code, call }: Proof): Promise<Person> {
  const { userId, workspaceId } = userOf(actor);
  if (password === undefined) {
    if (!(await signedInRecently(deps.db, actor)))
      throw new NotAllowed('auth.proof_needed', 'This needs your password again, or that you signed in within the last ten minutes.', {
        hint: 'Give the password and, if you have a second factor, a code; or sign in again.',
      });
    const person = await findPerson(deps.db, { id: userId, workspaceId });
    if (!person) throw new Conflict('second_factor.no_person', 'Only the account of a person has a second factor.');
    return person;
  }
  const hasFactor = (await findMethods(deps.db, userId)).length > 0;
  if (hasFactor && code === undefined) throw codeNeeded();
  const also = async ({ id }: Person): Promise<void> => {
    if (hasFactor && !(await takeCode(deps, { userId: id, code: code ?? '' }))) throw wrongCode();
  };
  return requireOwnPassword(deps, actor, { password, path: 'password', call, also });
}

/** After a method was added in this transaction. The first one brings recovery codes and ends the sessions that began without it. */
export async function welcomeMethod(
  trx: IdentityTransaction,
  { userId, before, sessionId }: { userId: string; before: Method[]; sessionId: string | undefined },
): Promise<{ recoveryCodes: string[] | null }> {
  if (before.length > 0) return { recoveryCodes: null };
  await endSessionsOf(trx, { userId, but: sessionId });
  return { recoveryCodes: await makeRecoveryCodes(trx, userId) };
}

/** After a method was removed in this transaction. @throws Conflict when that was the last and the role requires one */
export async function partWithMethod(trx: IdentityTransaction, { userId, required }: { userId: string; required: boolean }): Promise<void> {
  if ((await findMethods(trx, userId)).length > 0) return;
  if (required)
    throw new Conflict('second_factor.required', 'Your role requires a second factor, and this is the last one that you have.', {
      hint: 'Add another one first. For a new device, an administrator can reset it.',
    });
  await deleteRecoveryCodes(trx, userId);
}
