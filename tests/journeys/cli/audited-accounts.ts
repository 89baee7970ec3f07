// What people and administrators do to accounts and sessions, for the journey that asks an audit entry of everything.
import type { Client } from '@tidewheel/client/client';
import { createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import { startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';

/** An account of its own, which is gone in the end. */
export async function doAccounts(client: Client): Promise<void> {
  const { origin } = client;
  const person = { email: 'gus@example.org', name: 'Gus', password: 'four herons in the rain' };
  const { link } = await client.call(routes.inviteUser, { body: { email: person.email, role: 'viewer' } });
  const token = new URL(link ?? '').pathname.split('/').at(-1) ?? '';
  const { id } = await createClient({ origin }).call(routes.acceptLink, { params: { token }, body: person });
  const open = createClient({ origin });
  const pair = await open.call(routes.logIn, { body: { email: person.email, password: person.password } });
  await open.call(routes.refreshTokens, { body: { refreshToken: pair.refreshToken } });
  await expect(open.call(routes.refreshTokens, { body: { refreshToken: pair.refreshToken } })).rejects.toMatchObject({ code: 'auth.refresh_reused' });
  await client.call(routes.renameUser, { params: { id }, body: { name: 'Gus Heron' } });
  await client.call(routes.suspendUser, { params: { id } });
  await client.call(routes.restoreUser, { params: { id } });
  await changeEmail(client, person);
  expect(await client.call(routes.deleteUser, { params: { id } })).toEqual({ erased: true });
}

async function changeEmail(client: Client, person: { email: string; password: string }): Promise<void> {
  const { origin } = client;
  const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
  await client.call(routes.updateMailSettings, { body: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'tidewheel@example.org' } });
  const { accessToken } = await createClient({ origin }).call(routes.logIn, { body: { email: person.email, password: person.password } });
  await createClient({ origin, token: accessToken }).call(routes.askEmailChange, { body: { email: 'gustav@example.org', password: person.password } });
  const linkIn = () => smtp.mails.map((mail) => /account-link\/([\w-]+)/.exec(mail.replace(/=\r\n/g, ''))?.[1]).find((found) => found !== undefined);
  await expect.poll(linkIn).toBeDefined();
  await createClient({ origin }).call(routes.confirmEmailChange, { params: { token: linkIn() ?? '' } });
  await client.call(routes.removeMailSettings);
  await smtp.close();
}
