// The second step of signing in on a terminal: which code, and having one mailed.
import type { Client } from '@tidewheel/client/client';
import { mailCode } from '@tidewheel/client/routes';
import { type AppError, InvalidInput } from '@tidewheel/contract/errors';
import { ask } from './input.ts';

/** @param due `auth.second_factor_required`, which names the ways of the account. @returns the code that was typed */
export async function askSecondStep(client: Client, due: AppError): Promise<string> {
  const methods = Array.isArray(due.details?.['methods']) ? (due.details['methods'] as string[]) : ['app', 'recovery'];
  if (methods.includes('app')) {
    if (!methods.includes('email')) return ask('Code of your app, or a recovery code:');
    const typed = await ask('Code of your app, a recovery code, or "mail" to get a code by mail:');
    return typed.trim().toLowerCase() === 'mail' ? askMailedCode(client) : typed;
  }
  if (methods.includes('email')) return askMailedCode(client);
  if (methods.includes('recovery')) return ask('A recovery code (a passkey works in a browser only, see --browser):');
  throw new InvalidInput('login.passkey_only', 'The second factor of this account is a passkey, which works in a browser only.', {
    hint: 'Sign in with your browser: tidewheel login --url … --browser',
  });
}

async function askMailedCode(client: Client): Promise<string> {
  const { sentTo } = await client.call(mailCode);
  return ask(`Code mailed to ${sentTo}, or a recovery code:`);
}
