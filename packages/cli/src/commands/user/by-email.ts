import type { Client } from '@tidewheel/client/client';
import { listUsers } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { User } from '@tidewheel/contract/routes/identity';

/** @throws NotFound */
export async function userByEmail(client: Client, email: string): Promise<User> {
  const user = (await client.call(listUsers)).find((candidate) => candidate.email === email.toLowerCase());
  if (user) return user;
  throw new NotFound('user.unknown', `There is no user ${email} in your workspace.`, { hint: '`tidewheel user list` shows who is there.' });
}
