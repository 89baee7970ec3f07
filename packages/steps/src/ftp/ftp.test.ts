import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ftp } from '../connectors/ftp.connector.ts';
import { closeIdleFtp, FtpPlace } from './ftp-place.ts';
import { FtpConfig } from './ftp-settings.ts';
import { startVsftpd, type TestVsftpd, vsftpdMissing } from './testing/vsftpd.ts';

const signal = new AbortController().signal;
const bytes = (content: string | Buffer) => Readable.from([Buffer.from(content)]);

describe.skipIf(vsftpdMissing !== undefined)(`an FTP server${vsftpdMissing ? ` (skipped: ${vsftpdMissing})` : ''}`, () => {
  let server: TestVsftpd;
  beforeAll(async () => {
    server = await startVsftpd();
  });
  afterAll(async () => {
    closeIdleFtp();
    await server?.[Symbol.asyncDispose]();
  });
  const place = (changes: Record<string, unknown> = {}, until = signal) =>
    new FtpPlace({ workspaceId: 'w', slug: 's', config: FtpConfig.parse(server.config(changes)), secret: { password: server.password }, signal: until });
  const test = (at: TestVsftpd, changes: Record<string, unknown> = {}, password: string | null = at.password) =>
    ftp.test({ config: FtpConfig.parse(at.config(changes)), secret: password === null ? null : { password } }, { signal, log: () => {} });

  it('is tested check by check', async () => {
    expect(await test(server)).toMatchObject({
      ok: true,
      checks: [{ name: 'DNS' }, { name: 'port' }, { name: 'sign-in' }, { name: 'folder' }, { name: 'write' }],
    });
    const last = async (...asked: Parameters<typeof test>) => (await test(...asked)).checks.at(-1);
    expect(await last(server, { port: 1 })).toMatchObject({ name: 'port', ok: false });
    expect(await last(server, {}, 'wrong password')).toMatchObject({ name: 'sign-in', ok: false, hint: expect.stringContaining('lock') });
    expect(await last(server, {}, null)).toMatchObject({ name: 'sign-in', ok: false });
    expect(await last(server, { tls: 'explicit' })).toMatchObject({ ok: false });
    await chmod(server.home, 0o500);
    expect(await last(server)).toMatchObject({ name: 'write', ok: false });
    await chmod(server.home, 0o755);
  });

  it.each(['explicit', 'implicit'] as const)('speaks %s TLS with one session for control and data, and holds the certificate against the host', async (tls) => {
    await using secure = await startVsftpd({ tls });
    expect(await test(secure, { ca: secure.authority })).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([expect.objectContaining({ name: 'TLS', ok: true })]),
    });
    expect((await test(secure)).checks.at(-1)).toMatchObject({ name: 'TLS', ok: false });
    expect((await test(secure, { ca: secure.authority, host: 'localhost' })).checks.at(-1)).toMatchObject({ ok: false });
    const files = new FtpPlace({
      workspaceId: 'w',
      slug: tls,
      config: FtpConfig.parse(secure.config({ ca: secure.authority })),
      secret: { password: secure.password },
      signal,
    });
    const content = randomBytes(3_000_000);
    await files.write('a/b.bin', bytes(content), { start: 0, size: content.length });
    expect((await buffer(files.read('a/b.bin'))).equals(content)).toBe(true);
    closeIdleFtp();
  });

  it('lists, reads, writes, resumes, renames and removes below its root', async () => {
    const files = place({ root: 'exchange' });
    const content = randomBytes(2_000_000);
    await files.write('in/2026/x.bin', bytes(content.subarray(0, 1_500_000)), { start: 0, size: content.length });
    expect(await files.stat('in/2026/x.bin')).toMatchObject({ size: 1_500_000 });
    await files.write('in/2026/x.bin', bytes(content.subarray(1_500_000)), { start: 1_500_000, size: content.length });
    expect((await readFile(path.join(server.home, 'exchange/in/2026/x.bin'))).equals(content)).toBe(true);
    expect((await buffer(files.read('in/2026/x.bin', { start: 1_999_990 }))).equals(content.subarray(1_999_990))).toBe(true);
    for (const name of ['in/a b.csv', 'in/-x.csv', 'in/.hidden.csv', 'in/é.csv', 'in/z.txt']) await files.write(name, bytes('1'), { start: 0, size: 1 });
    const listed = await files.list({ path: 'in', pattern: '*.csv', limit: 10 });
    expect(listed.map((file) => file.path)).toEqual(['in/-x.csv', 'in/a b.csv', 'in/é.csv']);
    for (const file of listed) expect(Math.abs(Date.now() - file.modifiedAt.getTime())).toBeLessThan(120_000);
    expect((await files.list({ path: '', pattern: '**/*.bin', deep: true, limit: 10 })).map((file) => file.path)).toEqual(['in/2026/x.bin']);
    await expect(files.list({ path: 'in', pattern: '*', limit: 2 })).rejects.toMatchObject({ code: 'file.too_many' });
    await files.rename('in/a b.csv', 'done/a.csv');
    await files.rename('in/é.csv', 'done/a.csv');
    await files.remove('done/a.csv');
    expect(await files.stat('done/a.csv')).toBeUndefined();
    await expect(buffer(files.read('nothing'))).rejects.toMatchObject({ code: 'ftp.missing' });
    await expect(files.stat('../../etc/passwd')).rejects.toMatchObject({ code: 'file.path' });
    await expect(files.remove('x\r\nDELE y')).rejects.toMatchObject({ code: 'file.path' });
    await expect(place({ readOnly: true }).write('x', bytes('1'), { start: 0, size: 1 })).rejects.toMatchObject({ code: 'ftp.read_only' });
  });

  it('lets go of a file of which the rest is not wanted, and of one when it is cancelled', async () => {
    await mkdir(path.join(server.home, 'large'), { recursive: true });
    await writeFile(path.join(server.home, 'large/x'), Buffer.alloc(30_000_000));
    for await (const chunk of place().read('large/x')) if (chunk.byteLength > 0) break;
    const cancel = new AbortController();
    const cancelled = (async () => {
      for await (const chunk of place({}, cancel.signal).read('large/x')) if (chunk.byteLength > 0) cancel.abort(new Error('cancelled by somebody'));
    })();
    await expect(cancelled).rejects.toThrow();
    expect(
      createHash('sha256')
        .update(await buffer(place().read('large/x')))
        .digest('hex'),
    ).toBe(createHash('sha256').update(Buffer.alloc(30_000_000)).digest('hex'));
  });

  it('is not led to another host, and not held by one that never answers', async () => {
    const answers: Record<string, string> = {
      USER: '331 password',
      PASS: '230 in',
      TYPE: '200 ok',
      STRU: '200 ok',
      OPTS: '200 ok',
      FEAT: '211 none',
      EPSV: '500 no',
      PASV: '227 Entering Passive Mode (10,0,0,1,10,10)',
    };
    const bouncing = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 welcome\r\n');
      socket.on('data', (line) => void socket.write(`${answers[line.toString().slice(0, 4).trim()] ?? '500 what'}\r\n`));
    });
    bouncing.listen(0, '127.0.0.1');
    await new Promise((resolve) => bouncing.once('listening', resolve));
    const { port } = bouncing.address() as net.AddressInfo;
    await expect(place({ port }).list({ path: '', pattern: '*', limit: 5 })).rejects.toMatchObject({ code: 'ftp.other_host' });
    bouncing.close();
    const open: net.Socket[] = [];
    const silent = net.createServer((socket) => void open.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const quiet = place({ port: (silent.address() as net.AddressInfo).port, timeoutSeconds: 1 });
    await expect(quiet.stat('x')).rejects.toMatchObject({ code: 'ftp.timeout', retryable: true });
    for (const socket of open) socket.destroy();
    silent.close();
  });
});
