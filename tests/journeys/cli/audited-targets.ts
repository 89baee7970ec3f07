// What is done to hosts and their groups, for the trail.
import type { Client } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import type { Product } from '../bad-input/product.ts';

/** Nothing listens at the address: the tests find that out. */
export async function doTargets(client: Client, { shell }: Product): Promise<void> {
  const tidewheel = async (...words: string[]) => expect(await shell.tidewheel(words)).toMatchObject({ code: 0 });
  const params = { target: 'lab1.example.org' };
  await tidewheel('target-group', 'create', 'lab');
  await tidewheel('target-group', 'change', 'lab', '--title', 'The lab');
  await tidewheel('target', 'create', params.target, '--address', '127.0.0.1', '--set', 'port=9', '--group', 'lab', '--fact', 'rack=B7');
  await tidewheel('target', 'change', params.target, '--tag', 'lab', '--category', 'lab/one');
  expect(await client.call(routes.showTarget, { params })).toMatchObject({ groups: ['lab'], tags: ['lab'], facts: { rack: 'B7' }, settings: { port: 9 } });
  expect(await client.call(routes.testTarget, { params })).toMatchObject({ ok: false });
  expect(await client.call(routes.tryTarget, { body: { address: '127.0.0.1', os: 'linux', settings: { port: 9 } } })).toMatchObject({ ok: false });
  // It fails, for nobody answers; that it was asked is in the trail.
  await client.call(routes.gatherTarget, { params }).catch(() => {});
  await tidewheel('target', 'maintenance', params.target, '--reason', 'new disks');
  await tidewheel('target', 'bulk', '--group', 'lab', '--end-maintenance');
  await tidewheel('target', 'archive', params.target);
  await tidewheel('target', 'restore', params.target);
  await tidewheel('target-group', 'archive', 'lab');
}
