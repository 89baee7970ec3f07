// The whole product is killed while files come and webhooks are called: afterwards each file and each call that was answered has started one run.
import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { afterAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/server.ts';

let server: TestServer;
afterAll(() => server?.stop());

const flow = `flow: arrives
title: Arrives
parameters:
  what: { type: string }
steps:
  what: { use: flow.value, with: { value: what } }
`;

async function clientOf({ dataFolder, origin }: TestServer) {
  const { token } = JSON.parse(await readFile(path.join(dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  return createClient({ origin, token });
}

test('killed twice, nothing is started twice and nothing is forgotten', { timeout: 240_000 }, async () => {
  server = await startTestServer();
  const { dataFolder } = server;
  const folder = path.join(dataFolder, 'files', 'arrivals');
  await mkdir(folder, { recursive: true });
  const first = await clientOf(server);
  await first.call(routes.applyFlow, { body: { source: flow } });
  await first.call(routes.createConnection, { body: { slug: 'arrivals', title: 'Arrivals', type: 'folder', config: { root: folder } } });
  const config = { connection: 'arrivals', everySeconds: 1, stableSeconds: 0, existing: 'fires' };
  await first.call(routes.createTrigger, {
    body: { slug: 'files', title: 'Files', kind: 'file', flow: 'arrives', config, parameters: { what: 'event.file.name' } },
  });
  const hook = { slug: 'hook', title: 'Hook', kind: 'webhook' as const, flow: 'arrives', config: { mode: 'hmac' }, parameters: { what: 'event.body.what' } };
  const { id } = await first.call(routes.createTrigger, { body: hook });
  const { secret } = await first.call(routes.setTriggerSecret, { params: { slug: 'hook' }, body: {} });
  const answered = new Map<string, string>();
  const call = async (what: string) => {
    const body = JSON.stringify({ what });
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    const answer = await fetch(`${server.origin}/api/hooks/${id}`, { method: 'POST', headers, body }).catch(() => undefined);
    if (!answer?.ok) return;
    const { run } = (await answer.json()) as { run: string };
    // Whoever asks again gets the run of before.
    expect(answered.get(what) ?? run).toBe(run);
    answered.set(what, run);
  };
  const names = Array.from({ length: 60 }, (_, n) => `${n}.csv`);
  for (const [n, name] of names.entries()) {
    await writeFile(path.join(folder, name), name);
    await Promise.all([call(name), call(name)]);
    if (n % 30 !== 20) continue;
    const dying = [call(`${name} late`), server.kill()];
    await Promise.all(dying);
    server = await startTestServer({ dataFolder });
  }
  // Who got no answer asks until he has one.
  for (const name of [...names, ...names.filter((_, n) => n % 30 === 20).map((name) => `${name} late`)]) {
    await expect
      .poll(async () => {
        await call(name);
        return answered.has(name);
      })
      .toBe(true);
  }
  const client = await clientOf(server);
  const started = async (trigger: string) => {
    const { items } = await client.call(routes.listRuns, { query: { trigger, limit: 200 } });
    return items.map(({ parameters }) => String(parameters['what']));
  };
  await expect.poll(async () => new Set(await started('files')).size, { timeout: 60_000, interval: 500 }).toBe(names.length);
  expect((await started('files')).sort()).toEqual([...names].sort());
  const called = await started('hook');
  expect(called.length).toBe(new Set(called).size);
  expect(called.sort()).toEqual([...answered.keys()].sort());
});
