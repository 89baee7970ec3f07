// A real S3 server of a test's own: OpenStack Swift with its S3 API from Debian, which checks signatures (many small S3 servers do not).
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { freePort } from '@tidewheel/kit/testing/free-port';
import type { S3Settings } from '../s3-store.ts';

const programs = ['proxy', 'account', 'container', 'object'] as const;
type Program = (typeof programs)[number];

/** Why no server can be started here; undefined when one can. */
export const swiftMissing: string | undefined =
  programs.every((name) => existsSync(`/usr/bin/swift-${name}-server`)) && existsSync('/etc/swift/swift.conf')
    ? undefined
    : 'the Debian packages swift-proxy, swift-account, swift-container and swift-object are not installed';

export interface TestSwift extends AsyncDisposable {
  settings: S3Settings;
  log(): string;
  /** The S3 API stops answering, as when the server dies. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

const accessKey = 'test:tester';
const secretKey = 'a-secret-of-the-test-server';

export async function startSwift(): Promise<TestSwift> {
  const folder = await mkdtemp('/var/tmp/tw-swift-');
  await chmod(folder, 0o755);
  await mkdir(path.join(folder, 'devices', 'd1'), { recursive: true });
  const ports = Object.fromEntries(await Promise.all(programs.map(async (name) => [name, await freePort()]))) as Record<Program, number>;
  for (const name of programs) await writeFile(path.join(folder, `${name}.conf`), configOf(name, { folder, port: ports[name] }));
  makeRings(folder, ports);
  const running = new Map<Program, ChildProcess>();
  let log = '';
  const start = async (name: Program): Promise<void> => {
    const server = spawn('/usr/bin/python3', [`/usr/bin/swift-${name}-server`, path.join(folder, `${name}.conf`), '-v'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.set(name, server);
    process.once('exit', () => server.kill('SIGKILL'));
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await whenOpen(
      ports[name],
      () => server.exitCode !== null,
      () => log,
    );
  };
  const stop = async (name: Program): Promise<void> => {
    const server = running.get(name);
    running.delete(name);
    if (!server?.pid || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    process.kill(-server.pid, 'SIGKILL');
    await ended;
  };
  await Promise.all(programs.map(start));
  return {
    settings: { endpoint: `http://127.0.0.1:${ports.proxy}`, bucket: 'tidewheel', region: 'us-east-1', accessKey, secretKey, cacheBytes: 1_000_000_000 },
    log: () => log,
    kill: () => stop('proxy'),
    restart: () => start('proxy'),
    async [Symbol.asyncDispose]() {
      for (const name of programs) await stop(name);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(name: Program, { folder, port }: { folder: string; port: number }): string {
  const common = [
    '[DEFAULT]',
    'bind_ip = 127.0.0.1',
    `bind_port = ${port}`,
    'workers = 0',
    `user = ${userInfo().username}`,
    `swift_dir = ${folder}`,
    `devices = ${folder}/devices`,
    'mount_check = false',
    'disable_fallocate = true',
    'log_level = WARNING',
  ];
  if (name !== 'proxy') return [...common, `[pipeline:main]`, `pipeline = ${name}-server`, `[app:${name}-server]`, `use = egg:swift#${name}`, ''].join('\n');
  return [
    ...common,
    '[pipeline:main]',
    'pipeline = catch_errors cache s3api tempauth bulk slo proxy-server',
    '[app:proxy-server]',
    'use = egg:swift#proxy',
    'account_autocreate = true',
    'allow_account_management = true',
    '[filter:catch_errors]',
    'use = egg:swift#catch_errors',
    '[filter:cache]',
    'use = egg:swift#memcache',
    'memcache_servers = 127.0.0.1:1',
    '[filter:s3api]',
    'use = egg:swift#s3api',
    's3_acl = no',
    '[filter:tempauth]',
    'use = egg:swift#tempauth',
    `user_test_tester = ${secretKey} .admin`,
    '[filter:bulk]',
    'use = egg:swift#bulk',
    '[filter:slo]',
    'use = egg:swift#slo',
    '',
  ].join('\n');
}

// One replica on one device. One Python process for all three: each costs a second to start.
function makeRings(folder: string, ports: Record<Program, number>): void {
  const script = `
import sys
from swift.common.ring import RingBuilder
for name, port in (('account', ${ports.account}), ('container', ${ports.container}), ('object', ${ports.object})):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'd1', 'weight': 1.0, 'replication_ip': '127.0.0.1', 'replication_port': port, 'meta': ''})
    builder.rebalance()
    builder.get_ring().save(sys.argv[1] + '/' + name + '.ring.gz')
`;
  execFileSync('/usr/bin/python3', ['-c', script, folder], { stdio: 'ignore' });
}

async function whenOpen(port: number, hasEnded: () => boolean, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 600 && !hasEnded(); attempt++) {
    if (await opens(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Swift does not answer: ${log().slice(-3000)}`);
}

function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
