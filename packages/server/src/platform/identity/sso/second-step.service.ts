// Our second factor after a provider said who somebody is.
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Call } from '../../../base/endpoint.ts';
import { requirePending } from '../second-factor-pending.ts';
import { passSecondFactor } from '../second-factor-sign-in.ts';
import { recordFailedSignIn } from '../sign-in-audit.ts';
import type { SsoDeps } from './providers.service.ts';
import { findStep } from './second-step.store.ts';
import { openSession } from './sso-session.ts';

/** Guesses count like those after a password. @throws NotSignedIn, TooMany */
export async function passFactor(deps: SsoDeps, code: string, call: Call): Promise<Me> {
  const { tokenHash, userId, email } = await requirePending(deps.db, call);
  const step = await findStep(deps.db, tokenHash);
  if (!step)
    throw new NotSignedIn('sso.no_step', 'No sign-in through a provider waits for a code in this browser.', { hint: 'Begin anew from the sign-in page.' });
  const attempt = { email, address: call.address };
  await deps.attempts.begin(attempt);
  try {
    await passSecondFactor(deps, { userId, email, code, call });
  } catch (error) {
    await recordFailedSignIn(deps.db, email, call);
    throw error;
  }
  await deps.attempts.succeed(attempt);
  const provider = { id: step.providerId, slug: step.slug };
  return openSession(deps, { provider, userId, hasSecondFactor: false, sealedIdToken: step.sealedIdToken }, call);
}
