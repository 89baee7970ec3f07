// A signal, a callback and a decision, for the journey that asks an audit entry of everything.
import { createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import { apply, type Product, start, untilEnded } from '../bad-input/product.ts';

const flow = `flow: waits
title: Waits
kind: job
steps:
  go: { use: flow.signal, with: { name: go } }
  done: { use: flow.callback, after: go, with: { name: done } }
  sign: { use: approval, after: done, with: { approvers: ivy@example.org } }
`;

export async function doWaits({ client, server, shell }: Product): Promise<void> {
  const ivy = { email: 'ivy@example.org', name: 'Ivy', password: 'two geese and a bicycle' };
  const { link } = await client.call(routes.inviteUser, { body: { email: ivy.email, role: 'viewer' } });
  await createClient({ origin: server.origin }).call(routes.acceptLink, { params: { token: new URL(link ?? '').pathname.split('/').at(-1) ?? '' }, body: ivy });
  const { accessToken } = await createClient({ origin: server.origin }).call(routes.logIn, { body: { email: ivy.email, password: ivy.password } });
  await apply(client, flow);
  const id = await start(client, 'waits');
  expect(await shell.tidewheel(['run', 'signal', id, 'go'])).toMatchObject({ code: 0 });
  const { url } = await client.call(routes.showCallback, { params: { id, name: 'done' } });
  expect((await fetch(new URL(new URL(url).pathname, server.origin), { method: 'POST' })).status).toBe(202);
  const asIvy = createClient({ origin: server.origin, token: accessToken });
  const mine = async () => (await asIvy.call(routes.listApprovals, { query: {} })).items[0];
  await expect.poll(mine).toBeTruthy();
  const { hash, id: approval } = await asIvy.call(routes.showApproval, { params: { id: (await mine())?.id ?? '' } });
  await asIvy.call(routes.decideApproval, { params: { id: approval }, body: { decision: 'approve', hash } });
  expect((await untilEnded(client, id)).state).toBe('succeeded');
}
