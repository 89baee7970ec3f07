// The session that `login --session` keeps: exchanged under a lock, since a refresh token that two commands use ends the session.
import { type Auth, createClient } from '@tidewheel/client/client';
import { refreshingAuth } from '@tidewheel/client/refreshing-auth';
import { refreshTokens } from '@tidewheel/client/routes';
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { changeCredentials } from './credentials.ts';

/** `workspace`: that of the access tokens, when it is said. */
export function authOf(origin: string, session: TokenPair, workspace?: string): Auth {
  return refreshingAuth({ origin, pair: session, exchange: (held) => exchangeKept(origin, held, workspace) });
}

/** The pair that counts now: another command's if it was faster. @throws NotSignedIn */
export async function exchangeKept(origin: string, held: TokenPair, workspace?: string): Promise<TokenPair> {
  let counts = held;
  await changeCredentials(async ({ current, servers }) => {
    const kept = servers[origin];
    if (kept === undefined || !('session' in kept))
      throw new NotSignedIn('cli.not_signed_in', `You are not signed in to ${origin} any more.`, { hint: `Run \`tidewheel login --url ${origin}\`.` });
    counts = kept.session;
    if (kept.session.refreshToken !== held.refreshToken && kept.workspace === workspace) return null;
    const { refreshToken } = kept.session;
    counts = await createClient({ origin, workspace }).call(refreshTokens, { body: { refreshToken } });
    return { current, servers: { ...servers, [origin]: { session: counts, ...(workspace === undefined ? {} : { workspace }) } } };
  });
  return counts;
}
