// The test of a target is what people see when nothing works: each fault has its own words.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { winrmRun } from './run.step.ts';
import { makeClientCertificate, startWinrm, type TestWinrm, type WinrmServerOptions, winrmServerMissing } from './testing/winrm-server.ts';
import { winrmTransport } from './winrm.transport.ts';

const ctx = { signal: new AbortController().signal, log: () => {} };
const note = winrmServerMissing ? ` (skipped: ${winrmServerMissing})` : '';

type Target = Parameters<typeof winrmTransport.test>[0];

/** The one check that failed, and that those before it did not. */
async function faultOf(target: Target) {
  const result = await winrmTransport.test(target, ctx);
  const failed = result.checks.filter((check) => !check.ok);
  expect(failed).toHaveLength(1);
  expect(result.ok).toBe(false);
  return { ...failed[0], discovered: result.discovered };
}

async function okOf(target: Target) {
  const result = await winrmTransport.test(target, ctx);
  expect(result).toMatchObject({ ok: true });
  return result;
}

const secretBasic = { fields: { user: 'operator', auth: 'basic' } };

describe.skipIf(winrmServerMissing !== undefined)(`the WinRM transport over http${note}`, () => {
  let server: TestWinrm;
  beforeAll(async () => {
    server = await startWinrm();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it('signs in by NTLM and seals every message', async () => {
    const result = await okOf(server.target());
    expect(result.checks.map((check) => check.name)).toEqual(['DNS', 'port', 'listener', 'sign-in', 'shell']);
    expect(result.checks.map((check) => check.detail).join(' ')).toContain('by ntlm, messages sealed');
    expect(server.did()).toContainEqual({ user: expect.stringContaining('TIDE\\operator'), mech: '1.3.6.1.4.1.311.2.2.10' });
    expect(server.did().filter((one) => one.sealed === false)).toEqual([]);
  });

  it('takes DOMAIN\\user, and a plain user and password', async () => {
    await okOf(server.target({}, { fields: { user: 'TIDE\\operator', auth: 'ntlm' } }));
    await okOf(server.target({}, { type: 'password', fields: { user: 'TIDE\\operator' } }));
  });

  it('says that the password is wrong, and tries it once', async () => {
    const before = server.did().filter((one) => 'refused' in one).length;
    expect(await faultOf(server.target({}, { secret: { password: 'wrong password' } }))).toMatchObject({
      name: 'sign-in',
      detail: expect.stringContaining('refused the sign-in of the user TIDE\\operator'),
      hint: expect.stringContaining('lock an account'),
    });
    await expect.poll(() => server.did().filter((one) => 'refused' in one).length).toBe(before + 1);
    await expect(
      runStep(winrmRun, { target: 'w', script: ':' }, { targets: { w: server.target({}, { secret: { password: 'wrong password' } }) } }),
    ).rejects.toMatchObject({ code: 'winrm.sign_in', retryable: false });
  });

  it('says that a way to sign in is not offered, or would show the password', async () => {
    expect(await faultOf(server.target({ auth: 'basic' }))).toMatchObject({ name: 'settings', detail: expect.stringContaining('readable over http') });
    expect(await faultOf(server.target({}, { type: 'certificate', fields: { certificate: 'x' }, secret: { privateKey: 'y' } }))).toMatchObject({
      name: 'settings',
      detail: expect.stringContaining('by certificate over http'),
    });
    expect(await faultOf(server.target({ auth: 'basic', encryption: 'never' }))).toMatchObject({
      name: 'shell',
      detail: expect.stringContaining('AllowUnencrypted'),
    });
    expect(await faultOf(server.target({ encryption: 'never' }))).toMatchObject({ name: 'shell', detail: expect.stringContaining('AllowUnencrypted') });
    expect(await faultOf({ ...server.target(), credential: null })).toMatchObject({ name: 'settings', detail: expect.stringContaining('no credential') });
    expect(await faultOf(server.target({}, { type: 'ssh', fields: { user: 'a' } }))).toMatchObject({
      name: 'settings',
      detail: expect.stringContaining('type ssh'),
    });
  });

  it('says that nobody listens, that the name is unknown, and that the path is another', async () => {
    expect(await faultOf(server.target({ port: 9 }))).toMatchObject({
      name: 'port',
      detail: expect.stringContaining('Nothing listens'),
      hint: expect.stringContaining('winrm quickconfig'),
    });
    expect(await faultOf({ ...server.target(), address: 'no-such-host.invalid' })).toMatchObject({ name: 'DNS', detail: expect.stringContaining('not known') });
    expect(await faultOf(server.target({ path: '/other' }))).toMatchObject({ name: 'listener', detail: expect.stringContaining('no WinRM at this path') });
  });

  it('says that the port speaks no TLS', async () => {
    expect(await faultOf(server.target({ scheme: 'https' }))).toMatchObject({ name: 'TLS', detail: expect.stringContaining('does not speak TLS') });
  });
});

describe.skipIf(winrmServerMissing !== undefined)(`the WinRM transport over https${note}`, () => {
  let server: TestWinrm;
  let client: { certificate: string; privateKey: string; file: string };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tw-winrm-client-'));
    client = await makeClientCertificate(folder);
    server = await startWinrm({ tls: true, auth: ['Negotiate', 'Basic'], clientAuthority: client.file });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const trusting = (more: Record<string, unknown> = {}) => ({ certificateAuthority: server.certificate, ...more });

  it('signs in by NTLM bound to the certificate, also with messages sealed inside TLS', async () => {
    // What the server tells of itself comes a little later: so the one that seals goes first, while nothing was unsealed yet.
    await okOf(server.target(trusting({ encryption: 'always' })));
    await expect.poll(() => server.did()).toContainEqual({ sealed: true });
    expect(server.did().filter((one) => one.sealed === false)).toEqual([]);
    const result = await okOf(server.target(trusting()));
    expect(result.checks.map((check) => check.name)).toEqual(['DNS', 'port', 'TLS', 'listener', 'sign-in', 'shell']);
    await expect.poll(() => server.did()).toContainEqual({ sealed: false });
  });

  it('signs in by Basic and by certificate', async () => {
    await okOf(server.target(trusting(), secretBasic));
    const result = await okOf(
      server.target(trusting(), { type: 'certificate', fields: { certificate: client.certificate }, secret: { privateKey: client.privateKey } }),
    );
    expect(result.checks.map((check) => check.detail).join(' ')).toContain('By certificate');
    expect(await faultOf(server.target(trusting(), { ...secretBasic, secret: { password: 'wrong password' } }))).toMatchObject({
      name: 'shell',
      detail: expect.stringContaining('refused the sign-in'),
    });
    expect(
      await faultOf(server.target(trusting(), { type: 'certificate', fields: { certificate: client.certificate }, secret: { privateKey: 'none' } })),
    ).toMatchObject({ name: 'TLS', detail: expect.stringContaining('cannot be used') });
  });

  it('accepts a certificate that has signed itself only when it is pinned, and shows what to pin', async () => {
    const { discovered, ...fault } = await faultOf(server.target());
    expect(fault).toMatchObject({ name: 'TLS', detail: expect.stringContaining('it has signed itself') });
    const { fingerprint } = discovered as { fingerprint: string };
    await okOf(server.target({ fingerprint }));
    await okOf(server.target({ fingerprint: fingerprint.replaceAll(':', '').toLowerCase() }));
    expect(await faultOf(server.target({ fingerprint: '00'.repeat(32) }))).toMatchObject({
      name: 'TLS',
      detail: expect.stringContaining('not the one that is pinned'),
    });
    expect(server.did().filter((one) => 'user' in one && one.user === undefined)).toEqual([]);
  });

  it('compares the name in the certificate', async () => {
    expect(await faultOf(server.target(trusting({ serverName: 'other.example' })))).toMatchObject({
      name: 'TLS',
      detail: expect.stringContaining('and not for other.example'),
    });
    await okOf(server.target(trusting({ serverName: 'win.example' })));
  });

  it('refuses a sign-in that is bound to another certificate', async () => {
    // As if somebody stood in between with a certificate of his own: the acceptor here wants the binding of another one.
    await using other = await startWinrm({ tls: true, wrongBinding: true });
    expect(await faultOf(other.target({ certificateAuthority: other.certificate }))).toMatchObject({
      name: 'sign-in',
      hint: expect.stringContaining('CbtHardeningLevel'),
    });
  });
});

describe.skipIf(winrmServerMissing !== undefined)(`hosts that behave badly${note}`, () => {
  const withServer = async (options: WinrmServerOptions, work: (server: TestWinrm) => Promise<void>) => {
    await using server = await startWinrm(options);
    await work(server);
  };

  it.each([
    ['sends on to another host', 'redirect', 'listener', 'sends on to http://127.0.0.2:9/wsman'],
    ['answers 401 for ever', 'loop', 'sign-in', 'refused the sign-in'],
    ['sends a document of growing entities', 'bomb', 'shell', 'a document type'],
    ['sends elements without end', 'deep', 'shell', 'no message of WinRM'],
    ['answers a sealed message with a readable one', 'unsealed', 'shell', 'anybody could have written'],
    ['changes a sealed message', 'damage', 'shell', 'damaged, or was changed'],
  ] as const)('one that %s', async (_what, behaviour, name, detail) => {
    await withServer({ behaviour }, async (server) => {
      expect(await faultOf(server.target())).toMatchObject({ name, detail: expect.stringContaining(detail) });
    });
  });

  it('one that takes requests and never answers, before and after the sign-in', async () => {
    await withServer({ behaviour: 'silent' }, async (server) => {
      expect(await faultOf(server.target({ connectSeconds: 1 }))).toMatchObject({
        name: 'listener',
        detail: expect.stringContaining('did not answer within 1 s'),
      });
    });
    await withServer({ behaviour: 'silentLater' }, async (server) => {
      expect(await faultOf(server.target({ connectSeconds: 1, operationSeconds: 1 }))).toMatchObject({
        name: 'shell',
        detail: expect.stringContaining('did not answer within 2 s'),
      });
    });
  });

  it('one that accepts connections and says nothing, over TLS too', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    await withServer({}, async (server) => {
      expect(await faultOf(server.target({ scheme: 'https', port, connectSeconds: 1 }))).toMatchObject({
        name: 'port',
        detail: expect.stringContaining('said nothing'),
      });
      expect(await faultOf(server.target({ port, connectSeconds: 1 }))).toMatchObject({ name: 'listener', detail: expect.stringContaining('did not answer') });
    });
    silent.close();
  });

  it('one that is another web server', async () => {
    const web: Server = createServer((request, response) => {
      request.resume();
      response.writeHead(request.headers.authorization ? 200 : 503, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const { port } = web.address() as net.AddressInfo;
    await withServer({}, async (server) => {
      expect(await faultOf(server.target({ port }))).toMatchObject({ name: 'listener', detail: expect.stringContaining('WinRM is not running') });
    });
    web.closeAllConnections();
    web.close();
  });

  it('one that lets the user in and does not allow a shell, or no more of them', async () => {
    await withServer({ deny: true }, async (server) => {
      expect(await faultOf(server.target())).toMatchObject({
        name: 'shell',
        detail: expect.stringContaining('Access is denied'),
        hint: expect.stringContaining('Remote Management Users'),
      });
    });
    await withServer({ maxShells: 0 }, async (server) => {
      await expect(runStep(winrmRun, { target: 'w', script: ':' }, { targets: { w: server.target() } })).rejects.toMatchObject({
        code: 'winrm.quota',
        retryable: true,
      });
    });
    await withServer({ maxEnvelope: 2_000 }, async (server) => {
      const stdin = 'x'.repeat(50_000);
      await expect(runStep(winrmRun, { target: 'w', shell: 'cmd', script: 'cat', stdin }, { targets: { w: server.target() } })).rejects.toMatchObject({
        code: 'winrm.envelope',
      });
    });
  });

  it('one with an IPv6 address', async () => {
    await withServer({ host: '::1' }, async (server) => {
      const result = await okOf(server.target());
      expect(result.checks.map((check) => check.detail)).toContain(`[::1]:${server.port} is open.`);
    });
  });

  it('is given up at once when the test is cancelled', async () => {
    await withServer({ behaviour: 'silent' }, async (server) => {
      const stop = new AbortController();
      const testing = winrmTransport.test(server.target({ connectSeconds: 60 }), { ...ctx, signal: stop.signal });
      await expect.poll(() => server.did().length).toBeGreaterThan(0);
      stop.abort(new DOMException('cancelled', 'AbortError'));
      await expect(testing).rejects.toThrow('cancelled');
    });
  });
});
