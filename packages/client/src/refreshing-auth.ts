// Keeps a client signed in with a pair of tokens: the access token is exchanged shortly before it ends, once for all calls that wait.
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { type Auth, createClient } from './client.ts';
import { refreshTokens } from './routes.ts';

export interface RefreshingOptions {
  /** As of `auth.login` or the last exchange. */
  pair: TokenPair;
  origin?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Each new pair, before anything uses it: the one before works no more, so keep this one if it has to outlive the process. */
  onPair?: ((pair: TokenPair) => void | Promise<void>) | undefined;
  /** Instead of asking the server here: for processes that share one pair and exchange it under a lock. Answers with the pair that counts now. */
  exchange?: ((held: TokenPair) => Promise<TokenPair>) | undefined;
}

const marginMs = 30_000;
/** A clock that is ahead costs an exchange a minute, not one with each call. */
const leastMs = 60_000;

/**
 * For `createClient({ auth })`. A refresh token works once: never give the same pair to two of these, unless `exchange` lets one refresh
 * at a time. Should an answer be lost on its way, the session is over and signing in again is due.
 */
export function refreshingAuth(options: RefreshingOptions): Auth {
  const client = createClient({ origin: options.origin, fetch: options.fetch });
  const exchange = options.exchange ?? ((held) => client.call(refreshTokens, { body: { refreshToken: held.refreshToken } }));
  let pair = options.pair;
  let dueAt = Date.parse(pair.accessExpiresAt) - marginMs;
  let running: Promise<string> | undefined;
  const renewPair = async (): Promise<string> => {
    const next = await exchange(pair);
    await options.onPair?.(next);
    pair = next;
    dueAt = Math.max(Date.parse(next.accessExpiresAt) - marginMs, Date.now() + leastMs);
    return next.accessToken;
  };
  const renewOnce = (): Promise<string> => {
    running ??= renewPair().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    token: async () => running ?? (Date.now() >= dueAt ? renewOnce() : pair.accessToken),
    renew: async (refused) => running ?? (refused === pair.accessToken ? renewOnce() : pair.accessToken),
  };
}
