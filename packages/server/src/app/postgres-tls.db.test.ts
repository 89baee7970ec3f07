// The whole product on Debian's PostgreSQL 15 that takes encrypted connections only, under an authority of its own.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';
import pg from 'pg';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

const bin = '/usr/lib/postgresql/15/bin';
const isRoot = process.getuid?.() === 0;
const missing = existsSync(`${bin}/pg_ctl`) ? undefined : `${bin} is not installed`;
const outerAddress = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === 'IPv4')?.address;

describe.skipIf(missing !== undefined)(`Postgres with TLS${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let port: number;
  let server: TestServer | undefined;
  const file = (name: string) => path.join(folder, name);
  const url = (host: string, query: string) => `postgres://tidewheel:secret@${host}:${port}/postgres?${query}`;
  const run = (program: string, ...args: string[]) => {
    const user = isRoot ? { uid: Number(execFileSync('id', ['-u', 'postgres'])), gid: Number(execFileSync('id', ['-g', 'postgres'])) } : {};
    return execFileSync(path.join(bin, program), args, { ...user, stdio: 'ignore', cwd: folder, env: { ...process.env, LC_ALL: 'C' } });
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'tw-pg-tls-'));
    if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
    chmodSync(folder, 0o755);
    const authority = await generate([{ name: 'commonName', value: 'Test authority' }], {
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    const stranger = await generate([{ name: 'commonName', value: 'Another authority' }]);
    writeFileSync(file('ca.pem'), authority.cert);
    writeFileSync(file('stranger.pem'), stranger.cert);
    writeFileSync(file('server.crt'), made.cert);
    writeFileSync(file('server.key'), made.private, { mode: 0o600 });
    if (isRoot)
      for (const name of ['server.crt', 'server.key'])
        chownSync(file(name), Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
    port = await freePort();
    run('initdb', '-D', file('data'), '-U', 'postgres', '-A', 'trust', '--no-sync');
    writeFileSync(file('data/pg_hba.conf'), 'local all all trust\nhostssl all all all scram-sha-256\nhostnossl clear all all scram-sha-256\n');
    writeFileSync(
      file('data/postgresql.auto.conf'),
      `port = ${port}\nlisten_addresses = '*'\nunix_socket_directories = '${folder}'\nssl = on\nssl_cert_file = '${file('server.crt')}'\nssl_key_file = '${file('server.key')}'\nfsync = off\n`,
    );
    run('pg_ctl', '-D', file('data'), '-l', file('log'), '-w', 'start');
    const admin = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
    await admin.connect();
    await admin.query(`create role tidewheel login createrole password 'secret'`);
    await admin.query('alter database postgres owner to tidewheel');
    await admin.query('create database clear owner tidewheel');
    await admin.end();
  });
  afterAll(async () => {
    await server?.stop();
    if (folder) {
      run('pg_ctl', '-D', file('data'), '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('every connection of the product is encrypted, and the authority and the name are checked', async () => {
    server = await startTestServer({ environment: { DATABASE_URL: url('localhost', `sslmode=verify-full&sslrootcert=${file('ca.pem')}`) } });
    const admin = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
    await admin.connect();
    const { rows } = await admin.query<{ ssl: boolean; version: string; count: string }>(
      `select s.ssl, s.version, count(*) from pg_stat_ssl s join pg_stat_activity a using (pid) where a.usename like 'tidewheel%' group by 1, 2`,
    );
    await admin.end();
    expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3', count: expect.anything() }]);
    expect(Number(rows[0]?.count)).toBeGreaterThan(3);
    expect(server.log()).not.toContain('not encrypted');
  });

  it.each([
    ['an authority that did not sign it', () => url('localhost', `sslmode=verify-full&sslrootcert=${file('stranger.pem')}`)],
    ['another name than its own', () => url('127.0.0.1', `sslmode=verify-full&sslrootcert=${file('ca.pem')}`)],
    ['no encryption where it is demanded', () => url('localhost', 'sslmode=disable')],
  ])('is not spoken to with %s', async (_what, address) => {
    await expect(startTestServer({ environment: { DATABASE_URL: address() } })).rejects.toThrow(
      /Postgres at (localhost|127\.0\.0\.1):\d+\/postgres (cannot be reached|refused the user)/,
    );
  });

  it.skipIf(outerAddress === undefined)('in clear on another machine it is spoken to, with a warning', async () => {
    const clear = await startTestServer({ environment: { DATABASE_URL: url(outerAddress ?? '', 'sslmode=disable').replace('/postgres?', '/clear?') } });
    expect(clear.log()).toContain('not encrypted');
    await clear.stop();
  });
});
