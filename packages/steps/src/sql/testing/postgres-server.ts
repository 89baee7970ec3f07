// A Postgres server of a test's own that listens on this machine: the embedded binaries, an address of its own (its socket needs the usual port).
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createLogger } from '../../../../server/src/base/logger.ts';
import { startEmbedded } from '../../../../server/src/storage/postgres/embedded.ts';

export interface TestPostgresServer extends AsyncDisposable {
  /** Settings of a connection of type `postgres` to it, without TLS. */
  config: Record<string, unknown>;
  secret: { password: string };
  /** The owner, over its Unix socket. */
  admin: pg.Client;
  /** Turns TLS on with a certificate for a name or address. @returns PEM of the authority */
  serveTls(name: string): Promise<string>;
}

export async function startPostgresServer(): Promise<TestPostgresServer> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'tw-pg-'));
  await chmod(dataFolder, 0o711);
  const host = `127.${1 + randomInt(250)}.${randomInt(250)}.${2 + randomInt(250)}`;
  const parameters = { listen_addresses: host, fsync: 'off', shared_buffers: '32MB', max_connections: '40' };
  const server = await startEmbedded({ dataFolder, logger: createLogger({ role: 'test', level: 'error' }), parameters, sync: false });
  const url = new URL(server.ownerUrl);
  const admin = new pg.Client({ connectionString: server.ownerUrl });
  await admin.connect();
  const serveTls = async (name: string) => {
    const { rows } = await admin.query<{ data_directory: string }>('show data_directory');
    const { key, cert } = certificateFor(name, dataFolder);
    await give(rows[0]?.data_directory as string, { 'server.key': key, 'server.crt': cert });
    await admin.query('alter system set ssl = on');
    await admin.query('select pg_reload_conf()');
    return readFile(cert, 'utf8');
  };
  return {
    config: { host, port: 5432, database: url.pathname.slice(1), user: decodeURIComponent(url.username), tls: 'off', timeoutSeconds: 10 },
    secret: { password: decodeURIComponent(url.password) },
    admin,
    serveTls,
    async [Symbol.asyncDispose]() {
      await admin.end();
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Paths of a key and of a certificate that signs itself. */
export function certificateFor(name: string, folder: string): { key: string; cert: string } {
  const [key, cert] = [path.join(folder, `${name}-key.pem`), path.join(folder, `${name}-cert.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${isIP(name) ? 'IP' : 'DNS'}:${name}`];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { key, cert };
}

/** Copies files into a folder as its owner has them. */
async function give(folder: string, files: Record<string, string>): Promise<void> {
  const owner = statSync(folder);
  for (const [name, from] of Object.entries(files)) {
    const place = path.join(folder, name);
    await writeFile(place, await readFile(from));
    await chmod(place, 0o600);
    chownSync(place, owner.uid, owner.gid);
  }
}
