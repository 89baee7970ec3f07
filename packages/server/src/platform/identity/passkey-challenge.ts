// Challenges: each is kept until it is answered, once, within minutes and by the browser that asked for it.
import { Conflict } from '@tidewheel/contract/errors';
import type { Call } from '../../base/endpoint.ts';
import { newToken } from '../../base/ids.ts';
import type { PasskeyChallengeTable } from '../../storage/factor-tables.ts';
import type { Db } from './identity.store.ts';
import { challengeIn, challengeMinutes } from './passkey-ceremony.ts';
import { type RelyingParty, relyingParty } from './passkey-site.ts';
import { insertChallenge, type TakenChallenge, takeChallenge } from './passkeys.store.ts';
import { hashToken, isSessionToken } from './tokens.ts';

const browserCookie = 'tidewheel-browser';

/** @throws Conflict where no passkey can work */
export function requireSite(call: Call): RelyingParty {
  const site = relyingParty(call.origin);
  if (site) return site;
  throw new Conflict('passkey.needs_domain', 'Passkeys need a domain name and https, which this server is not reached by.', {
    hint: 'An administrator sets TIDEWHEEL_PUBLIC_URL to such an address. On the machine of the server itself, http://localhost works.',
  });
}

/** Two pages of one browser may wait at the same time: the cookie stays, the challenges differ. */
export async function keepChallenge(
  db: Db,
  { challenge, purpose, userId, call }: { challenge: string; purpose: PasskeyChallengeTable['purpose']; userId: string | null; call: Call },
): Promise<void> {
  const held = call.cookie(browserCookie);
  const token = isSessionToken(held) ? held : newToken();
  const expires_at = new Date(Date.now() + challengeMinutes * 60_000);
  await insertChallenge(db, { challenge, browser_hash: hashToken(token), purpose, user_id: userId, expires_at });
  call.setCookie(browserCookie, token, { maxAgeSeconds: challengeMinutes * 60 });
}

/** @returns undefined for a challenge that is not of this browser, has expired, was answered already or was never made */
export async function answerChallenge(db: Db, clientDataJson: string, call: Call): Promise<(TakenChallenge & { challenge: string }) | undefined> {
  const challenge = challengeIn(clientDataJson);
  const token = call.cookie(browserCookie);
  if (challenge === undefined || !isSessionToken(token)) return undefined;
  const taken = await takeChallenge(db, { challenge, browserHash: hashToken(token) });
  return taken && { ...taken, challenge };
}
