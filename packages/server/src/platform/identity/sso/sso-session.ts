// The session of who signed in through a provider: like any other, and it remembers the provider.
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Actor } from '../../../base/actor.ts';
import type { Call } from '../../../base/endpoint.ts';
import { startSession } from '../session-start.store.ts';
import { enter, requireHolder, visitorOf } from '../sign-in.service.ts';
import { hashToken } from '../tokens.ts';
import { partyOf, type SsoDeps } from './providers.service.ts';
import { findProvider, type Provider } from './providers.store.ts';
import { seal, unseal } from './seal.ts';
import { findProviderSession, markSession } from './sso-session.store.ts';

/** Signing out here never waits longer for a provider. */
const patienceMs = 3_000;

export interface Entering {
  provider: Pick<Provider, 'id' | 'slug'>;
  userId: string;
  hasSecondFactor: boolean;
  sealedIdToken: Buffer | null;
}

/** @throws NotAllowed for who is suspended */
export async function openSession(deps: SsoDeps, { provider, userId, hasSecondFactor, sealedIdToken }: Entering, call: Call): Promise<Me> {
  const token = await startSession(deps.db, userId, visitorOf(call));
  await markSession(deps.db, hashToken(token), { providerId: provider.id, hasSecondFactor, sealedIdToken });
  const holder = await requireHolder(deps, token);
  return enter(deps, { holder, token }, call, { provider: provider.slug });
}

const boundTo = (providerId: string, userId: string) => `${providerId} ${userId}`;

/** Kept only where signing out at the provider needs it. */
export function sealIdToken(
  { masterKey }: Pick<SsoDeps, 'masterKey'>,
  provider: Provider,
  { userId, idToken }: { userId: string; idToken: string },
): Buffer | null {
  return provider.endSession ? seal({ masterKey, use: 'id-token', bound: boundTo(provider.id, userId) }, idToken) : null;
}

/** Where the browser goes on to sign out at the provider too; null when there is no need or no way. */
export async function signOutAddress(deps: SsoDeps, actor: Actor, call: Call): Promise<string | null> {
  const session = await findProviderSession(deps.db, actor.sessionId);
  const provider = session && (await findProvider(deps.db, { id: session.providerId }));
  if (!session?.sealedIdToken || !provider?.endSession) return null;
  try {
    const idToken = unseal({ masterKey: deps.masterKey, use: 'id-token', bound: boundTo(provider.id, actor.userId ?? '') }, session.sealedIdToken);
    const asked = deps.oidc.endSessionUrl(partyOf(deps, provider), { idToken, returnTo: `${call.origin}/sign-in` });
    const url = await Promise.race([asked, new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref())]);
    return url?.href ?? null;
  } catch (error) {
    deps.log.warn({ err: error, provider: provider.slug }, 'could not find out how to sign out at a provider');
    return null;
  }
}
