// Channels, rules, templates, preferences and the worker, for the journey that asks an audit entry of everything.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

const rule = `title: Late feeds
match: { kinds: [feed.late] }
to: { teams: [desk] }
channels: [hooks, in-app]
template: short
`;
const template = `title: Short
subject: '{{ event.title }}'
text: '{{ event.title }} ({{ event.data.venue }})'
`;

export async function doNotifications({ client, shell }: Product): Promise<void> {
  const tidewheel = async (...args: string[]) => expect(await shell.tidewheel(args)).toMatchObject({ code: 0 });
  const file = async (name: string, text: string) => {
    await writeFile(path.join(shell.folder, name), text);
    return name;
  };
  // Says that it is gone for good, so the message is given up at once.
  const gone = createServer((_request, response) => response.writeHead(410).end());
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await file('secret', `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  await tidewheel('channel', 'set', 'hooks', '--type', 'webhook', '--set', `url=http://127.0.0.1:${port}/`, '--secret', 'signingSecret=@secret');
  expect((await shell.tidewheel(['channel', 'test', 'hooks'])).code).not.toBe(0);
  await tidewheel('notification-team', 'set', 'desk', '--role', 'admin');
  await tidewheel('notification-template', 'set', 'short', '--file', await file('template.yaml', template));
  await tidewheel('notification-rule', 'set', 'late', '--file', await file('rule.yaml', rule));
  await tidewheel('notification', 'preferences', '--outcomes', 'all', '--quiet', '22:00-07:00', '--zone', 'Europe/Paris');
  await tidewheel('notification', 'stop');
  await tidewheel('notification', 'start');
  await tidewheel('notification', 'raise', 'XETR is late', '--kind', 'feed.late', '--data', 'venue=XETR');
  const failed = async () => (await client.call(routes.listMessages, { query: { state: 'failed' } })).total;
  await expect.poll(failed).toBe(1);
  await tidewheel('notification', 'inbox', '--unread');
  await tidewheel('notification', 'resend');
  await tidewheel('notification-rule', 'archive', 'late');
  await tidewheel('notification-team', 'archive', 'desk');
  await tidewheel('notification-template', 'archive', 'short');
  await tidewheel('channel', 'archive', 'hooks');
  gone.close();
}
