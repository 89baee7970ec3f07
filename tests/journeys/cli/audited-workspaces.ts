// What is done to workspaces and service accounts, for the journey that asks an audit entry of everything.
import { type Client, createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';

/** A person of the other workspace is in this one for a while: those entries stand in the trail of the workspace that they are about. */
export async function doWorkspaces(client: Client): Promise<void> {
  const { origin, token } = client;
  const params = { slug: 'treasury' };
  await client.call(routes.createWorkspace, { body: { ...params, title: 'Treasury' } });
  const person = { email: 'walt@example.org', name: 'Walt', password: 'two geese and a bicycle' };
  const { link } = await createClient({ origin, token, workspace: 'treasury' }).call(routes.inviteUser, { body: { email: person.email, role: 'viewer' } });
  const secret = new URL(link ?? '').pathname.split('/').at(-1) ?? '';
  await createClient({ origin }).call(routes.acceptLink, { params: { token: secret }, body: person });
  const member = await client.call(routes.addMember, { params: { slug: 'main' }, body: { email: person.email, role: 'viewer' } });
  await client.call(routes.removeMember, { params: { slug: 'main', id: member.id } });
  await client.call(routes.updateWorkspace, { params, body: { title: 'Funding' } });
  await client.call(routes.archiveWorkspace, { params });
  expect(await client.call(routes.restoreWorkspace, { params })).toMatchObject({ title: 'Funding', archivedAt: null });
}

export async function doServiceAccounts(client: Client): Promise<void> {
  const params = { slug: 'loader' };
  await client.call(routes.createServiceAccount, { body: { ...params, title: 'Loader', role: 'operator' } });
  await client.call(routes.updateServiceAccount, { params, body: { role: 'viewer' } });
  const key = await client.call(routes.createServiceKey, { params, body: { title: 'Night' } });
  const next = await client.call(routes.rotateServiceKey, { params: { ...params, id: key.id }, body: {} });
  await client.call(routes.revokeServiceKey, { params: { ...params, id: next.id } });
  await client.call(routes.suspendServiceAccount, { params });
  await client.call(routes.restoreServiceAccount, { params });
  expect(await client.call(routes.deleteServiceAccount, { params })).toEqual({ deleted: true });
}
