// The session that `login --session` keeps: exchanged under a lock, since a refresh token that two commands use ends the session.
import { type Auth, createClient } from '@tidewheel/client/client';
import { refreshingAuth } from '@tidewheel/client/refreshing-auth';
import { refreshTokens } from '@tidewheel/client/routes';
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { changeCredentials } from './credentials.ts';

export function authOf(origin: string, session: TokenPair): Auth {
  return refreshingAuth({ origin, pair: session, exchange: (held) => exchangeKept(origin, held) });
}

/** The pair that counts now: another command's if it was faster. @throws NotSignedIn */
async function exchangeKept(origin: string, held: TokenPair): Promise<TokenPair> {
  let counts = held;
  await changeCredentials(async ({ current, servers }) => {
    const kept = servers[origin];
    if (kept === undefined || !('session' in kept))
      throw new NotSignedIn('cli.not_signed_in', `You are not signed in to ${origin} any more.`, { hint: `Run \`tidewheel login --url ${origin}\`.` });
    counts = kept.session;
    if (kept.session.refreshToken !== held.refreshToken) return null;
    counts = await createClient({ origin }).call(refreshTokens, { body: { refreshToken: held.refreshToken } });
    return { current, servers: { ...servers, [origin]: { session: counts } } };
  });
  return counts;
}
