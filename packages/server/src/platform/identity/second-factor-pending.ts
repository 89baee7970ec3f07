// The password was right and the second factor is due: a cookie and a row stand for that moment, so that what comes next is good for it alone.
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { Call } from '../../base/endpoint.ts';
import { newToken } from '../../base/ids.ts';
import type { Db } from './identity.store.ts';
import { endPending, findPending, insertPending, type PendingSignIn } from './second-factor-pending.store.ts';
import { hashToken, isSessionToken } from './tokens.ts';

const pendingCookie = 'tidewheel-pending';
const pendingMinutes = 15;

export function pendingHash(call: Call): string | undefined {
  const token = call.cookie(pendingCookie);
  return isSessionToken(token) ? hashToken(token) : undefined;
}

/** @returns the hash that the waiting sign-in is known by */
export async function beginPending(db: Db, { userId, call }: { userId: string; call: Call }): Promise<string> {
  const token = newToken();
  const tokenHash = hashToken(token);
  await insertPending(db, { tokenHash, userId, expiresAt: new Date(Date.now() + pendingMinutes * 60_000) });
  call.setCookie(pendingCookie, token, { maxAgeSeconds: pendingMinutes * 60 });
  return tokenHash;
}

/** @throws NotSignedIn */
export async function requirePending(db: Db, call: Call): Promise<PendingSignIn> {
  const tokenHash = pendingHash(call);
  const pending = tokenHash === undefined ? undefined : await findPending(db, tokenHash);
  if (!pending) throw new NotSignedIn('auth.password_first', 'No sign-in waits for its second step in this browser.', { hint: 'Enter your password first.' });
  return pending;
}

/** @returns whether it still waited; of two at the same instant one gets true */
export async function finishPending(db: Db, { userId, call }: { userId: string; call: Call }): Promise<boolean> {
  const tokenHash = pendingHash(call);
  if (tokenHash === undefined) return false;
  call.setCookie(pendingCookie, '', { clear: true });
  return endPending(db, { tokenHash, userId });
}
