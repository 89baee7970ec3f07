// The second step of signing in with a password.
import { NotSignedIn } from '@tidewheel/contract/errors';
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import type { Call } from '../../base/endpoint.ts';
import { findPerson } from './account-links.store.ts';
import { isMailedCode } from './email-code.service.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { relyingParty } from './passkey-site.ts';
import { findCredentials } from './passkeys.store.ts';
import { countRecoveryCodes, findMethods, type Method } from './second-factor.store.ts';
import { takeCode } from './second-factor-codes.ts';
import { beginPending, finishPending } from './second-factor-pending.ts';

type Parts = Pick<IdentityDeps, 'db' | 'masterKey' | 'mailer'>;
interface Begun {
  userId: string;
  email: string;
  call: Call;
}
interface Step extends Begun {
  code: string | undefined;
}

/** After the password was right. @throws NotSignedIn that names the ways, when a second factor is due; or for a wrong code */
export async function passSecondFactor(deps: Parts, step: Step): Promise<void> {
  const { userId, code, call } = step;
  if (code === undefined) {
    const begun = await beginSecondStep(deps, step);
    if (begun === null) return;
    throw due(begun.methods);
  }
  if ((await findMethods(deps.db, userId)).length === 0) return;
  if (await takeCode(deps, { userId, code })) await finishPending(deps.db, { userId, call });
  else if (!(await takeMailedCode(deps, { userId, code, call })))
    throw new NotSignedIn('auth.wrong_code', 'This code is wrong, or was used already.', {
      hint: 'Wait for the next code of your app and check its clock, have a new one mailed, or use a recovery code.',
    });
}

/** After the first step, whichever it was. @returns the ways that would work, and the hash of the cookie that waits; null when none is due */
export async function beginSecondStep(deps: Parts, step: Begun): Promise<{ methods: FactorMethod[]; tokenHash: string } | null> {
  const methods = await findMethods(deps.db, step.userId);
  if (methods.length === 0) return null;
  const tokenHash = await beginPending(deps.db, step);
  return { methods: await offered(deps, methods, step), tokenHash };
}

async function takeMailedCode(deps: Parts, mailed: { userId: string; code: string; call: Call }): Promise<boolean> {
  return (await isMailedCode(deps, mailed)) && (await finishPending(deps.db, mailed));
}

function due(methods: FactorMethod[]): NotSignedIn {
  const onlyPasskeys = methods.every((method) => method === 'passkey' || method === 'recovery');
  return new NotSignedIn('auth.second_factor_required', 'Your second factor is needed.', {
    hint: onlyPasskeys ? 'Use your passkey in a browser, or give a recovery code.' : 'Give the six digits of your app or of the mail, or a recovery code.',
    details: { methods },
  });
}

/** What would work here and now, the easiest first. */
async function offered({ db, mailer }: Parts, methods: Method[], { userId, email, call }: Begun): Promise<FactorMethod[]> {
  const site = relyingParty(call.origin);
  const passkeys = site === null || !methods.includes('passkey') ? [] : await findCredentials(db, { userId, rpId: site.id });
  const ways: [FactorMethod, boolean][] = [
    ['passkey', passkeys.length > 0],
    ['app', methods.includes('app')],
    ['email', methods.includes('email') && (await findPerson(db, { email }))?.emailVerified === true && (await mailer.isConfigured())],
    ['recovery', (await countRecoveryCodes(db, userId)) > 0],
  ];
  return ways.filter(([, works]) => works).map(([method]) => method);
}
