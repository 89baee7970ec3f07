import type { Client } from '@tidewheel/client/client';
import { showSecondFactor } from '@tidewheel/client/routes';
import { ask } from '../../input.ts';

/** What changing factors needs: the password, and a code of those who have a second factor. */
export async function askProof(client: Client): Promise<{ password: string; code?: string }> {
  const { on, app } = await client.call(showSecondFactor);
  const password = await ask('Password:', { hidden: true });
  return on ? { password, code: await ask(app ? 'Code of your app, or a recovery code:' : 'Recovery code:') } : { password };
}
