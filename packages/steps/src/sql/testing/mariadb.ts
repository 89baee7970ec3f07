// A real MariaDB server of a test's own, from Debian: its own folder, port, user and database.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';
import { certificateFor } from './postgres-server.ts';

const program = '/usr/sbin/mariadbd';

/** Why no server can be started here; undefined when one can. */
export const mariadbMissing: string | undefined = !existsSync(program)
  ? 'mariadb-server is not installed'
  : process.getuid?.() !== 0
    ? 'only root may run it as its own user'
    : undefined;

export interface TestMariadb extends AsyncDisposable {
  config: Record<string, unknown>;
  secret: { password: string };
  /** PEM; the certificate is for localhost. */
  authority: string;
  /** Runs SQL as the administrator. @returns tab-separated rows */
  admin(sql: string): string;
}

export async function startMariadb(): Promise<TestMariadb> {
  const folder = await mkdtemp('/var/tmp/tw-maria-');
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [data, socket] = [path.join(folder, 'data'), path.join(folder, 's')];
  const { key, cert } = certificateFor('localhost', folder);
  const uid = Number(execFileSync('id', ['-u', 'mysql']));
  for (const file of [folder, key, cert]) chownSync(file, uid, uid);
  execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--user=mysql', '--skip-test-db', '--auth-root-authentication-method=normal'], {
    stdio: 'ignore',
  });
  const port = await freePort();
  const small = ['--innodb-buffer-pool-size=32M', '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin', '--skip-name-resolve'];
  const place = [`--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1', '--user=mysql', `--pid-file=${folder}/pid`];
  const server = spawn(program, ['--no-defaults', ...place, ...small, `--ssl-cert=${cert}`, `--ssl-key=${key}`], { stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGKILL'));
  made.defer(async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  });
  const admin = (sql: string) =>
    execFileSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-N', '-B', '-e', sql], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  await until(() => admin('select 1'));
  const password = "Pa'ss-maria";
  admin(`create database shop; create user tw@'127.0.0.1' identified by 'Pa\\'ss-maria'; grant all on shop.* to tw@'127.0.0.1'`);
  const cleanUp = made.move();
  return {
    config: { host: '127.0.0.1', port, database: 'shop', user: 'tw', tls: 'off', timeoutSeconds: 10 },
    secret: { password },
    authority: execFileSync('cat', [cert]).toString(),
    admin,
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

async function until(work: () => unknown): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      work();
      return;
    } catch (thrown) {
      if (attempt > 200) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
