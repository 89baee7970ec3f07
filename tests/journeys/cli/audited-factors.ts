// What people do to their second factors, for the journey that asks an audit entry of everything.
import type { Client } from '@tidewheel/client/client';
import { createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import { cookieFetch } from '../../../packages/cli/src/cookie-fetch.ts';
import { Authenticator } from '../../../packages/server/src/platform/identity/testing/authenticator.ts';
import { startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';

/** A person whose address is confirmed, for the invitation came by mail. */
export async function doFactors(client: Client): Promise<void> {
  const { origin } = client;
  const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
  await client.call(routes.updateMailSettings, { body: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'tidewheel@example.org' } });
  const person = { email: 'hal@example.org', name: 'Hal', password: 'five storks on a chimney' };
  await client.call(routes.inviteUser, { body: { email: person.email, role: 'viewer' } });
  const tokenIn = () => smtp.mails.map((mail) => /welcome\/([\w-]+)/.exec(mail.replace(/=\r\n/g, ''))?.[1]).find((found) => found !== undefined);
  await expect.poll(tokenIn).toBeDefined();
  const hal = createClient({ origin, fetch: cookieFetch(origin) });
  await hal.call(routes.acceptLink, { params: { token: tokenIn() ?? '' }, body: person });
  await hal.call(routes.switchEmailCode, { body: { on: true } });
  await tryPasskey(hal);
  await hal.call(routes.renewRecoveryCodes, { body: {} });
  await hal.call(routes.switchEmailCode, { body: { on: false } });
  await client.call(routes.removeMailSettings);
  await smtp.close();
}

async function tryPasskey(hal: Client): Promise<void> {
  const device = new Authenticator(hal.origin.replace('127.0.0.1', 'localhost'));
  const credential = device.create(await hal.call(routes.beginPasskey, { body: {} }));
  const { id } = (await hal.call(routes.addPasskey, { body: { title: 'Laptop', credential } })).passkey;
  await hal.call(routes.renamePasskey, { params: { id }, body: { title: 'Work laptop' } });
  await hal.call(routes.passkeySignIn, { body: { credential: device.sign(await hal.call(routes.beginPasskeySignIn, { body: {} })) } });
  await hal.call(routes.removePasskey, { params: { id }, body: {} });
}
