// Delivery to an SFTP server that is not the one it should be, and to one that dies half way: no half file, every attempt on record, a clear word to the person.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, listArtifacts, listDeliveries, testConnection } from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sshdMissing, startSshd, type TestSshd } from '../../../packages/steps/src/testing/sshd.ts';
import { apply, type Product, runFlow, start, startProduct, untilEnded } from './product.ts';

let product: Product;
let sshd: TestSshd;
const bigBytes = 40_000_000;

function flow(slug: string, connection: string, file: string): string {
  return `flow: ${slug}
title: Delivers one file
steps:
  file:
    use: file.read
    with: { connection: inbox, path: ${file} }
  send:
    use: deliver.sftp
    from: file
    with: { connection: ${connection}, path: . }
    retry: { attempts: 8, delay: 300ms, factor: 1.5 }
`;
}

/** A wire to the server on which it dies for everyone when half of the big file has passed; later connections go through. */
async function killHalfWay(kill: () => Promise<void>): Promise<AsyncDisposable & { port: number; killed: Promise<void> }> {
  let passed = 0;
  let announce = () => {};
  const killed = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const open = new Set<net.Socket>();
  const wire = net.createServer((near) => {
    const far = net.connect(sshd.port, '127.0.0.1');
    const end = () => [near, far].forEach((socket) => void socket.destroy());
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    open.add(near);
    far.pipe(near);
    near.on('data', (chunk: Buffer) => {
      const before = passed;
      passed += chunk.length;
      if (before < bigBytes / 2 && passed >= bigBytes / 2) {
        near.pause();
        void kill().then(end).then(announce);
      } else if (!far.write(chunk)) {
        near.pause();
        far.once('drain', () => near.resume());
      }
    });
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  const { port } = wire.address() as net.AddressInfo;
  const close = async () => {
    wire.close();
    for (const socket of open) socket.destroy();
  };
  return { port, killed, [Symbol.asyncDispose]: close };
}

describeWhere(sshdMissing)('delivery by SFTP', () => {
  beforeAll(async () => {
    product = await startProduct();
    sshd = await startSshd();
    await writeFile(path.join(product.inbox, 'small.csv'), 'a,b\n1,2\n');
    await writeFile(path.join(product.inbox, 'big.bin'), randomBytes(bigBytes));
    const secret = { password: sshd.user.password };
    await product.client.call(createConnection, { body: { slug: 'right', title: 'Right', type: 'sftp', config: sshd.config(), secret } });
    const other = `SHA256:${randomBytes(32).toString('base64').replace(/=+$/, '')}`;
    await product.client.call(createConnection, {
      body: { slug: 'other-key', title: 'Other key', type: 'sftp', config: sshd.config({ hostKey: other }), secret },
    });
    await product.client.call(createConnection, {
      body: { slug: 'wrong-password', title: 'Wrong password', type: 'sftp', config: sshd.config(), secret: { password: 'not-the-password' } },
    });
  });
  afterAll(async () => {
    await sshd?.[Symbol.asyncDispose]();
    await product?.stop();
  });

  async function sha256(file: string): Promise<string> {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  }
  async function delivered(): Promise<string[]> {
    return readdir(sshd.user.home, { recursive: true });
  }

  test('another host key than the pinned one: nothing is sent, not even the password, and it is not tried again', async () => {
    const run = await runFlow(product.client, 'wrong-host', flow('wrong-host', 'other-key', 'small.csv'));
    expect(run).toMatchObject({ state: 'failed', error: { code: 'ssh.host_key', retryable: false, message: expect.stringMatching(/host key|fingerprint/i) } });
    expect(run.steps.find(({ step }) => step === 'send')?.attempt).toBe(1);
    expect(sshd.log()).not.toMatch(/Accepted password/);
    const told = await product.shell.tidewheel(['run', 'show', String(run.number)]);
    expect(told.stdout).toMatch(/host key|fingerprint/i);
    const tested = await product.client.call(testConnection, { params: { slug: 'other-key' } });
    expect(tested).toMatchObject({ ok: false, checks: expect.arrayContaining([expect.objectContaining({ name: 'host key', ok: false })]) });
    expect(await product.shell.tidewheel(['connection', 'test', 'other-key'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ host key/) });
  });

  test('a wrong password is said, never shown', async () => {
    const run = await runFlow(product.client, 'refused', flow('refused', 'wrong-password', 'small.csv'));
    expect(run).toMatchObject({ state: 'failed', error: { retryable: false } });
    const all = JSON.stringify(run) + (await product.shell.tidewheel(['run', 'logs', String(run.number)])).stdout + product.server.log();
    expect(all).not.toContain('not-the-password');
    expect(all).not.toContain(sshd.user.password);
  });

  test('the server dies half way and comes back: the file arrives whole, once, under its name', async () => {
    await using between = await killHalfWay(() => sshd.kill());
    const config = sshd.config({ port: between.port });
    await product.client.call(createConnection, { body: { slug: 'dying', title: 'Dying', type: 'sftp', config, secret: { password: sshd.user.password } } });
    await apply(product.client, flow('dying', 'dying', 'big.bin'));
    const id = await start(product.client, 'dying');
    await between.killed;
    expect((await delivered()).filter((name) => name === 'big.bin')).toEqual([]);
    await sleep(500);
    await sshd.restart();
    const run = await untilEnded(product.client, id);
    expect(run.state, JSON.stringify(run.error)).toBe('succeeded');
    const files = await delivered();
    expect(files.filter((name) => name.endsWith('big.bin'))).toHaveLength(1);
    expect(await sha256(path.join(sshd.user.home, 'big.bin'))).toBe(await sha256(path.join(product.inbox, 'big.bin')));
    expect(run.steps.find(({ step }) => step === 'send')?.attempt).toBeGreaterThan(1);
    const attempts = (await product.client.call(listDeliveries, { query: { run: id } })).items;
    expect(attempts.filter(({ state }) => state === 'delivered')).toMatchObject([{ size: bigBytes, receipt: expect.anything() }]);
    expect((await product.client.call(listArtifacts, { query: { run: id } })).items.length).toBeLessThanOrEqual(1);
    expect(await product.shell.tidewheel(['delivery', 'list', '--run', id])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ delivered') });
  });

  test('a server that stays away: the run fails with where it could not go, and a later one succeeds', async () => {
    await sshd.kill();
    const run = await runFlow(product.client, 'away', flow('away', 'right', 'small.csv').replace('attempts: 8', 'attempts: 2'));
    expect(run).toMatchObject({ state: 'failed', error: { retryable: true, message: expect.stringContaining(String(sshd.port)) } });
    expect(run.steps.find(({ step }) => step === 'send')?.attempt).toBe(2);
    await sshd.restart();
    expect(await untilEnded(product.client, await start(product.client, 'away'))).toMatchObject({ state: 'succeeded' });
    expect(await readFile(path.join(sshd.user.home, 'small.csv'), 'utf8')).toBe('a,b\n1,2\n');
  });
});

function describeWhere(missing: string | undefined) {
  return missing === undefined ? describe : describe.skip;
}
