// The session cookie of a call, and who an actor is: what many services ask.
import { Bug } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { hashToken, isSessionToken, sessionCookie, sessionDays } from './tokens.ts';

export function keepSession(call: Call, token: string): void {
  call.setCookie(sessionCookie, token, { maxAgeSeconds: sessionDays * 86_400 });
}

export function sessionHash(call: Call): string | undefined {
  const token = call.cookie(sessionCookie);
  return isSessionToken(token) ? hashToken(token) : undefined;
}

/** Only real users have sessions and tokens: the mount let nobody else through. */
export function userOf(actor: Actor): { userId: string; workspaceId: string } {
  if (actor.userId === null) throw new Bug('identity.no_user', `${actor.label} is no user.`);
  return { userId: actor.userId, workspaceId: actor.workspaceId };
}
