import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSftp } from '../ssh/sftp-pool.ts';
import { closeIdleConnections, idleConnections } from '../ssh/ssh-pool.ts';
import { SshSecret, SshTarget } from '../ssh/ssh-target.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sftp } from './sftp.connector.ts';

const ctx = { signal: new AbortController().signal, log: () => {} };
const place = { workspaceId: 'w', slug: 's', signal: ctx.signal };

describe('SFTP settings', () => {
  it.each(['sftp://host', 'host name', 'host/path', '', '-x', 'a'.repeat(254), 'h;rm -rf /'])('refuse the host %j', (host) => {
    expect(SshTarget.safeParse({ host, user: 'u' }).success).toBe(false);
  });
  it.each(['sftp.example.com', '10.0.0.1', '::1', 'host', 'a_b.example'])('take the host %j', (host) => {
    expect(SshTarget.safeParse({ host, user: 'u' }).success).toBe(true);
  });
  it('refuse other forms of fingerprints, and secrets without any part', () => {
    expect(SshTarget.safeParse({ host: 'h', user: 'u', hostKey: 'MD5:aa:bb' }).success).toBe(false);
    expect(SshSecret.safeParse({}).success).toBe(false);
    expect(SshSecret.safeParse({ password: 'long enough', passphrase: 'without key' }).success).toBe(false);
    expect(SshSecret.safeParse({ password: 'abc' }).success).toBe(false);
  });
  it('are unfinished without a pinned host key', () => {
    expect(sftp.unfinished?.(SshTarget.parse({ host: 'h', user: 'u' }))).toMatchObject([{ path: 'hostKey' }]);
  });
});

describe.skipIf(sshdMissing !== undefined)(`the SFTP connector on a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  const test = (changes: Record<string, unknown>, secret: Record<string, unknown> | null) =>
    sftp.test({ config: SshTarget.parse(sshd.config(changes)), secret: secret && SshSecret.parse(secret) }, ctx);

  it('signs in by password, by key and by a key under a passphrase', async () => {
    const { password, privateKey, rsaKey, encryptedKey, passphrase } = sshd.user;
    for (const secret of [{ password }, { privateKey }, { privateKey: rsaKey }, { privateKey: encryptedKey, passphrase }]) {
      const result = await test({}, secret);
      expect(result).toMatchObject({ ok: true, discovered: { hostKey: sshd.hostKey } });
      expect(result.checks.map((check) => check.name)).toEqual(['DNS', 'port', 'host key', 'sign-in', 'folder']);
    }
  });

  it('shows the host key when none is pinned, and sends nothing to that server', async () => {
    const before = sshd.log().length;
    const result = await test({ hostKey: undefined }, { password: sshd.user.password });
    expect(result).toMatchObject({ ok: false, discovered: { hostKey: sshd.hostKey, hostKeyAlgorithm: 'ssh-ed25519' } });
    expect(result.checks.at(-1)).toMatchObject({ name: 'host key', ok: false, detail: expect.stringContaining(sshd.hostKey) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sshd.log().slice(before)).not.toMatch(/password|Accepted/);
    expect(await test({ hostKey: undefined }, null)).toMatchObject({ discovered: { hostKey: sshd.hostKey } });
  });

  it('refuses a wrong host key before anything is sent', async () => {
    const before = sshd.log().length;
    const wrong = `SHA256:${'A'.repeat(43)}`;
    const result = await test({ hostKey: wrong }, { password: sshd.user.password });
    expect(result).toMatchObject({ ok: false });
    expect(result.checks.at(-1)).toMatchObject({ name: 'host key', ok: false, hint: expect.stringContaining('in between') });
    await expect(
      withSftp({ ...place, target: SshTarget.parse(sshd.config({ hostKey: wrong })), secret: { password: sshd.user.password } }, async () => 1),
    ).rejects.toMatchObject({ code: 'ssh.host_key', retryable: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sshd.log().slice(before)).not.toMatch(/password|Accepted|userauth/);
  });

  it('finds the pinned key among several kinds, and then still says what is wrong with the sign-in', async () => {
    const rsa = { hostKey: sshd.rsaHostKey };
    expect(await test(rsa, { password: sshd.user.password })).toMatchObject({
      ok: true,
      discovered: { hostKey: sshd.rsaHostKey, hostKeyAlgorithm: 'ssh-rsa' },
    });
    expect((await test(rsa, { password: 'not the password' })).checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false });
  });

  it('says which part of the sign-in is wrong, without repeating it', async () => {
    const { privateKey, encryptedKey } = sshd.user;
    const wrongPassword = await test({}, { password: 'not the password' });
    expect(wrongPassword.checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false, detail: expect.stringContaining('refused the sign-in') });
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ privateKey: encryptedKey }, /no passphrase was given/],
      [{ privateKey: encryptedKey, passphrase: 'wrong phrase' }, /does not open/],
      [{ privateKey: privateKey.replaceAll('A', 'B') }, /cannot be read/],
      [{ privateKey: `${'x'.repeat(200)}` }, /cannot be read/],
    ];
    for (const [secret, message] of cases) {
      const result = await test({}, secret);
      expect(result.checks.at(-1)?.detail).toMatch(message);
      for (const line of String(secret.privateKey).split('\n'))
        if (line.length > 20 && !line.startsWith('---')) expect(JSON.stringify(result)).not.toContain(line);
    }
    expect((await test({}, null)).checks.at(-1)).toMatchObject({ name: 'sign-in', detail: expect.stringContaining('no password and no key') });
    expect((await test({ user: 'nobody-here' }, { password: 'some password' })).checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false });
  });

  it('says when the name, the port or the protocol is wrong', async () => {
    const secret = { password: sshd.user.password };
    expect((await test({ host: 'no-such-host.invalid' }, secret)).checks).toMatchObject([{ name: 'DNS', ok: false }]);
    expect((await test({ port: 1 }, secret)).checks.at(-1)).toMatchObject({ name: 'port', ok: false, detail: expect.stringContaining('ECONNREFUSED') });
    await using silent = await listen(() => {});
    const quiet = await test({ port: silent.port, timeoutSeconds: 1 }, secret);
    expect(quiet.checks.at(-1)).toMatchObject({ ok: false, detail: expect.stringContaining('did not show a host key in time') });
    await using web = await listen((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await test({ port: web.port, timeoutSeconds: 3 }, secret)).checks.at(-1)).toMatchObject({ ok: false });
  });

  it('lets go when it is cancelled', async () => {
    await using silent = await listen(() => {});
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Error('cancelled')), 100);
    await expect(
      withSftp(
        { ...place, signal: cancel.signal, target: SshTarget.parse(sshd.config({ port: silent.port })), secret: { password: 'long enough' } },
        async () => 1,
      ),
    ).rejects.toThrow('cancelled');
  });

  it('reuses an idle connection for the same settings and secret only', async () => {
    closeIdleConnections();
    const target = SshTarget.parse(sshd.config());
    const { password, privateKey } = sshd.user;
    const accepted = () => sshd.log().match(/Accepted (password|publickey) for/g)?.length ?? 0;
    const before = accepted();
    const use = (secret: SshSecret, workspaceId = 'w') => withSftp({ ...place, workspaceId, target, secret }, (session) => session.realPath('.'));
    await use({ password });
    await use({ password });
    expect(idleConnections()).toBe(1);
    await use({ privateKey });
    await use({ password }, 'other');
    await expect.poll(() => accepted() - before).toBe(3);
    await expect(withSftp({ ...place, target, secret: { password } }, (session) => session.list('/no/such/folder'))).rejects.toMatchObject({
      code: 'sftp.missing',
    });
    closeIdleConnections();
    expect(idleConnections()).toBe(0);
  });
});

describe.skipIf(sshdMissing !== undefined)('a server that asks through PAM', () => {
  it('gets the password by keyboard-interactive', async () => {
    await using sshd = await startSshd({ settings: ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes'] });
    const sign = (password: string) => sftp.test({ config: SshTarget.parse(sshd.config()), secret: { password } }, ctx);
    expect(await sign(sshd.user.password)).toMatchObject({ ok: true });
    expect(sshd.log()).toContain('Accepted keyboard-interactive/pam');
    expect((await sign('not the password')).checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false });
  });
});

async function listen(onConnection: (socket: net.Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
