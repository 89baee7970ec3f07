import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf, keyOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshTransport } from './ssh.transport.ts';
import { closeIdleConnections } from './ssh-pool.ts';
import { allowSshAgent } from './ssh-route.ts';

const ctx = { signal: new AbortController().signal, log: () => {} };
const test = (host: OpenTarget) => sshTransport.test(host, ctx);
const names = (result: Awaited<ReturnType<typeof test>>) => result.checks.map((check) => `${check.name}${check.ok ? '' : ' failed'}`);

describe.skipIf(sshdMissing !== undefined)(`a host over SSH${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  let folder: string;
  let trusting: TestSshd;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tw-ca-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'ca')]);
    sshd = await startSshd();
    trusting = await startSshd({ settings: [`TrustedUserCAKeys ${path.join(folder, 'ca.pub')}`, 'AuthorizedKeysFile none', 'PasswordAuthentication no'] });
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
    await trusting[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('is tested part by part, signed in by password, key or a key under a passphrase', async () => {
    const { encryptedKey, rsaKey, passphrase } = sshd.user;
    for (const credential of [undefined, keyOf(sshd), keyOf(sshd, { privateKey: rsaKey }), keyOf(sshd, { privateKey: encryptedKey, passphrase })]) {
      const result = await test(hostOf(sshd, credential ? { credential } : {}));
      expect(result).toMatchObject({ ok: true, discovered: { hostKey: sshd.hostKey, system: expect.stringMatching(/^Linux /) } });
      expect(names(result)).toEqual(['DNS', 'port', 'host key', 'sign-in', 'shell']);
    }
    const bare = { ...keyOf(sshd), type: 'key', fields: {} };
    expect(await test(hostOf(sshd, { credential: bare, settings: { user: sshd.user.name } }))).toMatchObject({ ok: true });
    expect((await test(hostOf(sshd, { credential: bare }))).checks).toMatchObject([{ name: 'settings', detail: expect.stringContaining('who signs in') }]);
    expect((await test(hostOf(sshd, { credential: null, settings: { user: 'u' } }))).checks.at(-1)).toMatchObject({ name: 'sign-in', ok: false });
  });

  it('says of itself what it is', async () => {
    const facts = await sshTransport.gather?.(hostOf(sshd), ctx);
    expect(facts).toMatchObject({
      hostname: hostname(),
      kernel: expect.stringMatching(/^Linux /),
      cpus: availableParallelism(),
      memory_mb: expect.any(Number),
    });
    closeIdleConnections();
  });

  it('says which part is wrong', async () => {
    expect(names(await test({ ...hostOf(sshd), address: 'no-such-host.invalid' }))).toEqual(['DNS failed']);
    expect(names(await test(hostOf(sshd, { settings: { port: 1 } })))).toEqual(['DNS', 'port failed']);
    const unpinned = await test(hostOf(sshd, { settings: { hostKey: undefined } }));
    expect(names(unpinned)).toEqual(['DNS', 'port', 'host key failed']);
    expect(unpinned.discovered).toMatchObject({ hostKey: sshd.hostKey });
    expect(names(await test(hostOf(sshd, { settings: { hostKey: `SHA256:${'A'.repeat(43)}` } })))).toEqual(['DNS', 'port', 'host key failed']);
    const wrong = hostOf(sshd, { credential: { type: 'password', fields: { user: sshd.user.name }, secret: { password: 'not this' } } });
    expect(names(await test(wrong))).toEqual(['DNS', 'port', 'host key', 'sign-in failed']);
    execFileSync('usermod', ['--shell', '/usr/sbin/nologin', sshd.user.name]);
    const locked = await test(hostOf(sshd));
    expect(names(locked)).toEqual(['DNS', 'port', 'host key', 'sign-in', 'shell failed']);
    expect(locked.checks.at(-1)).toMatchObject({
      detail: expect.stringContaining('runs no commands: its shell ended with 1: This account'),
      hint: expect.stringContaining('nologin'),
    });
    execFileSync('usermod', ['--shell', '/bin/sh', sshd.user.name]);
  });

  it('gives up on a host that takes the connection and never speaks', async () => {
    const open: net.Socket[] = [];
    const silent = net.createServer((socket) => void open.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const result = await test(hostOf(sshd, { settings: { port, timeoutSeconds: 1 } }));
    expect(result.checks.at(-1)).toMatchObject({ name: 'host key', ok: false, detail: expect.stringContaining('did not show a host key in time') });
    for (const socket of open) socket.destroy();
    silent.close();
  });

  it('takes a key on first use where that is allowed, keeps it, and refuses another one then', async () => {
    const kept: string[] = [];
    const host = hostOf(sshd, { settings: { hostKey: undefined, acceptNewHostKey: true }, keepHostKey: async (key) => void kept.push(key) });
    expect(await test(host)).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([expect.objectContaining({ detail: expect.stringContaining('first use') })]),
    });
    expect(await test(host)).toMatchObject({ ok: true });
    expect(kept).toEqual([sshd.hostKey]);
    await sshd.changeHostKey();
    const changed = await test(host);
    expect(names(changed)).toEqual(['DNS', 'port', 'host key failed']);
    expect(changed.checks.at(-1)?.hint).toContain('ask its owner');
    await sshd.changeHostKey();
  });

  it('is reached through jump hosts, each with its own pinned key', async () => {
    const hop = hostOf(trusting, { credential: keyOf(trusting, await certified()) });
    const result = await test(hostOf(sshd, { via: hop }));
    expect(result).toMatchObject({ ok: true });
    expect(names(result)).toEqual(['DNS', 'port', 'jump host', 'host key', 'sign-in', 'shell']);
    const two = hostOf(sshd, { via: hostOf(sshd, { via: hop }) });
    expect(await test(two)).toMatchObject({ ok: true });
    const wrongHop = { ...hop, settings: { ...hop.settings, hostKey: `SHA256:${'B'.repeat(43)}` } };
    expect(names(await test(hostOf(sshd, { via: wrongHop })))).toEqual(['DNS', 'port', 'jump host failed']);
    const beyond = await test(hostOf(sshd, { via: hop, settings: { port: 1 } }));
    expect(beyond.checks.at(-1)).toMatchObject({ name: 'port', ok: false, detail: expect.stringContaining('jump host') });
  });

  /** The user's key signed by the authority. `args`: further arguments of ssh-keygen. */
  async function certified(
    args: string[] = [],
    { kind = 'ed25519', principal = trusting.user.name } = {},
  ): Promise<{ privateKey: string; certificate: string }> {
    const key = path.join(folder, `user-${kind}`);
    await rm(key, { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', key]);
    execFileSync('ssh-keygen', ['-q', '-s', path.join(folder, 'ca'), '-I', 'a test', '-n', principal, ...args, `${key}.pub`]);
    return { privateKey: await readFile(key, 'utf8'), certificate: (await readFile(`${key}-cert.pub`, 'utf8')).trim() };
  }

  it.each(['ed25519', 'rsa', 'ecdsa'])('signs in with an OpenSSH certificate for an %s key', async (kind) => {
    const result = await test(hostOf(trusting, { credential: keyOf(trusting, await certified([], { kind })) }));
    expect(result).toMatchObject({ ok: true });
    expect(result.checks).toContainEqual(expect.objectContaining({ name: 'sign-in', detail: expect.stringContaining('by certificate') }));
    expect(trusting.log()).toMatch(/Accepted (certificate|publickey).*ID a test/);
  });

  it('says what is wrong with a certificate: its time, its principals, its key, its form', async () => {
    const sign = async (changes: Parameters<typeof certified>[0], more: Parameters<typeof certified>[1] = {}) => {
      const result = await test(hostOf(trusting, { credential: keyOf(trusting, await certified(changes, more)) }));
      return result.checks.at(-1)?.detail;
    };
    // A clock that is off by a day shows like this.
    expect(await sign(['-V', '-2d:-1d'])).toMatch(/ended at .*by the clock of this machine it is/);
    expect(await sign(['-V', '+1d:+2d'])).toMatch(/begins at .*by the clock of this machine it is/);
    expect(await sign([], { principal: 'somebody-else' })).toMatch(/does not trust it for this user, or its clock is wrong/);
    const own = await certified();
    const mixed = { ...own, privateKey: trusting.user.privateKey };
    expect((await test(hostOf(trusting, { credential: keyOf(trusting, mixed) }))).checks.at(-1)?.detail).toMatch(/does not belong to the private key/);
    const cut = { ...own, certificate: own.certificate.slice(0, 200) };
    expect((await test(hostOf(trusting, { credential: keyOf(trusting, cut) }))).checks.at(-1)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('certificate'),
    });
  });

  it('signs in by an agent only where that is allowed', async () => {
    const socket = path.join(folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const key = path.join(folder, 'agent-key');
      await writeFile(key, sshd.user.privateKey, { mode: 0o600 });
      await expect.poll(() => existsSync(socket)).toBe(true);
      execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
      const host = hostOf(sshd, { credential: null, settings: { agent: true, user: sshd.user.name } });
      expect((await test(host)).checks).toMatchObject([{ name: 'settings', ok: false, hint: expect.stringContaining('TIDEWHEEL_SSH_AGENT') }]);
      allowSshAgent(socket);
      expect((await test(host)).checks).toContainEqual(expect.objectContaining({ name: 'sign-in', ok: true, detail: expect.stringContaining('by agent') }));
    } finally {
      allowSshAgent(undefined);
      agent.kill();
    }
  });
});
