// Everything that somebody can do to a trigger, for the journey that asks an audit entry of everything.
import { expect } from 'vitest';
import { apply, type Product } from '../bad-input/product.ts';

const flow = `flow: called
title: Called
kind: job
parameters:
  n: { type: integer }
steps:
  twice: { use: flow.value, with: { value: n * 2 } }
`;

export async function doTriggers({ client, server, shell }: Product): Promise<void> {
  await apply(client, flow);
  const tidewheel = async (...line: string[]) => {
    const result = await shell.tidewheel(['trigger', ...line]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const made = JSON.parse(
    await tidewheel('create', 'caller', '--flow', 'called', '--kind', 'webhook', '--set', 'mode=bearer', '--map', 'n=event.body.n', '--json'),
  );
  const { secret } = JSON.parse(await tidewheel('secret', 'caller', '--json'));
  expect(await tidewheel('test', 'caller')).toContain(`/api/hooks/${made.id}`);
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const call = () => fetch(`${server.origin}/api/hooks/${made.id}`, { method: 'POST', headers, body: '{"n": 21}' });
  const answer = await call();
  expect([answer.status, await answer.json()]).toMatchObject([202, { duplicate: false, run: expect.any(String) }]);
  const [event] = JSON.parse(await tidewheel('events', 'caller', '--json'));
  expect(await tidewheel('replay', 'caller', event.id)).toMatch(/^Run \d+ is started/);
  await tidewheel('update', 'caller', '--title', 'The caller', '--set', 'perSecond=5');
  expect(await tidewheel('show', 'caller')).toMatch(/perSecond +5\n/);
  await tidewheel('update', 'caller', '--unset', 'perSecond');
  expect(await tidewheel('show', 'caller')).not.toMatch(/perSecond +5\n/);
  expect(await shell.tidewheel(['trigger', 'update', 'caller', '--unmap', 'day'])).toMatchObject({ code: 2, stderr: expect.stringContaining('There are n.') });
  await tidewheel('pause', 'caller');
  expect((await call()).status).toBe(409);
  await tidewheel('resume', 'caller');
  expect(await tidewheel('bulk', 'caller', '--archive', '--dry-run')).toContain('1 of 1 would change');
  expect(await shell.tidewheel(['trigger', 'bulk', '--all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('What shall be done?') });
  expect(await tidewheel('bulk', '--flow', 'called', '--pause')).toContain('caller\n1 of 1 changed');
  expect(await tidewheel('bulk', '--flow', 'called', '--health', 'paused', '--resume')).toContain('1 of 1 changed');
  await tidewheel('archive', 'caller');
  expect((await call()).status).toBe(404);
  await tidewheel('restore', 'caller');
  expect(await tidewheel('list')).toContain('paused');
}
