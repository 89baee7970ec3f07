import type { Client } from '@tidewheel/client/client';
import { showSecondFactor } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { ask } from '../../input.ts';

/**
 * What changing factors needs: nothing within ten minutes of signing in, else the password, and a code of those who have a second factor.
 * @throws InvalidInput for who has none that a terminal could ask for
 */
export async function askProof(client: Client): Promise<{ password?: string; code?: string }> {
  const { on, app, recoveryCodesLeft, recentSignIn } = await client.call(showSecondFactor);
  if (recentSignIn) return {};
  // A code by mail belongs to one sign-in, and a passkey to a browser.
  if (on && !app && recoveryCodesLeft === 0)
    throw new InvalidInput('second_factor.no_code', 'This needs a code of an authenticator app or a recovery code, and you have neither.', {
      hint: 'Sign in again with `tidewheel login --url … --session` and repeat it within ten minutes, or do it in a browser on your profile page.',
    });
  const password = await ask('Password:', { hidden: true });
  if (!on) return { password };
  return { password, code: await ask(app ? 'Code of your app, or a recovery code:' : 'Recovery code:') };
}
