// npm start as a person meets it: what it prints, what it refuses, and that nothing of it stays behind.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const launcher = path.join(import.meta.dirname, 'start.mjs');
let folder: string;
let pages: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tw-start-'));
  chmodSync(folder, 0o711);
  pages = path.join(folder, 'pages');
  mkdirSync(pages);
  writeFileSync(path.join(pages, 'index.html'), '<!doctype html><title>pages</title>');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close();
  await nothingLeft();
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

function start(args: string[], environment: Record<string, string> = {}): Started {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TIDEWHEEL_') && name !== 'DATABASE_URL' && name !== 'npm_lifecycle_event'),
  );
  const env = { ...clean, TIDEWHEEL_WEB_DIST: pages, TIDEWHEEL_TABLE_PROCESSES: '1', ...environment };
  const child = spawn(process.execPath, [launcher, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => text, exited };
}

async function untilReady(started: Started): Promise<string> {
  for (let i = 0; i < 900; i++) {
    const found = /ready on (\S+)/.exec(started.output());
    if (found?.[1]) return found[1];
    if (started.child.exitCode !== null) break;
    await sleep(100);
  }
  throw new RangeError(`not ready:\n${started.output()}`);
}

/** Processes that know our folder: the server by its environment, Postgres and its guard by their arguments. */
function processes(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args', '-ww'], { encoding: 'utf8', maxBuffer: 64_000_000 }).split('\n');
  return all.filter((line) => line.includes(folder) && !line.includes('defunct'));
}

async function nothingLeft(): Promise<void> {
  await expect.poll(processes, { interval: 100 }).toEqual([]);
}

async function takePort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('prints address and one-time link, answers, and ends on Ctrl+C with nothing left', async () => {
  const started = start(['--data', path.join(folder, 'data')]);
  const origin = await untilReady(started);
  expect(await (await fetch(`${origin}/health/ready`)).json()).toMatchObject({ status: 'ok' });
  const link = await vi.waitUntil(() => /(http\S+\/welcome\/\S{30,})/.exec(started.output())?.[1], { timeout: 45_000, interval: 50 });
  expect(link.startsWith(origin)).toBe(true);
  expect(started.output()).not.toMatch(/"level":/);
  started.child.kill('SIGINT');
  expect(await started.exited).toBe(0);
  await nothingLeft();
});

test('a kill -9 of the launcher leaves no process behind', async () => {
  const started = start(['--data', path.join(folder, 'data')]);
  await untilReady(started);
  expect(processes().length).toBeGreaterThan(1);
  started.child.kill('SIGKILL');
  await started.exited;
  await nothingLeft();
});

/** Its only child is the server. */
function serverOf({ child }: Started): number {
  return Number(execFileSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' }));
}

test('a server that is killed is started again, and one that cannot live any more is given up', { timeout: 240_000 }, async () => {
  const started = start(['--data', path.join(folder, 'data'), '--port', '0']);
  await untilReady(started);
  const first = serverOf(started);
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => started.output().split('ready on ').length === 3, { timeout: 90_000, interval: 100 });
  expect(started.output()).toMatch(/The server was killed by SIGKILL \S+ s after its start\. It is started again in 0\.5 s/);
  const second = serverOf(started);
  expect(second).not.toBe(first);
  const origin = /ready on (\S+)(?![\s\S]*ready on )/.exec(started.output())?.[1];
  expect(await (await fetch(`${origin}/health/ready`)).json()).toMatchObject({ status: 'ok' });
  writeFileSync(path.join(folder, 'data', 'master.key'), 'short');
  process.kill(second, 'SIGKILL');
  expect(await started.exited).toBe(1);
  expect(started.output()).toMatch(/ended with exit code 1 \S+ s after its start\. That was 5 times in a row, so it is not started again/);
  await nothingLeft();
});

test('a SIGTERM while it still starts leaves no process behind', async () => {
  const started = start(['--data', path.join(folder, 'data')]);
  for (let i = 0; i < 3_000 && !processes().some((line) => line.includes('/bin/postgres')); i++) await sleep(20);
  started.child.kill('SIGTERM');
  await started.exited;
  await nothingLeft();
});

test('a port that was asked for and is taken is an error that says what to do; without asking another one is taken', async () => {
  const taken = await takePort();
  const refused = start(['--data', path.join(folder, 'data'), '--port', String(taken)]);
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toMatch(new RegExp(`Port ${taken} on 127.0.0.1 is taken`));
  expect(refused.output()).not.toMatch(/\n\s+at /);
  const blocker = createServer();
  servers.push(blocker);
  // Somebody else may hold 8080 already: as good.
  await new Promise<void>((resolve) => blocker.once('error', () => resolve()).listen(8080, '127.0.0.1', resolve));
  const other = start(['--data', path.join(folder, 'data')]);
  const origin = await untilReady(other);
  expect(new URL(origin).port).not.toBe('8080');
  await expect.poll(other.output).toMatch(/Port 8080 is taken by another program/);
  other.child.kill('SIGTERM');
  expect(await other.exited).toBe(0);
});

test('two on one data folder: the second says who holds it', async () => {
  const first = start(['--data', path.join(folder, 'data')]);
  await untilReady(first);
  const second = start(['--data', path.join(folder, 'data'), '--port', '0']);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/already runs on .*\(process \d+\)/);
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);
});

test.each([
  ['a data folder that cannot be made', ['--data', '/dev/null/data'], {}, /data folder \/dev\/null\/data cannot be used/],
  ['a setting of the wrong form', [], { TIDEWHEEL_PORT: 'eighty' }, /TIDEWHEEL_PORT/],
  ['an unknown role', ['--roles', 'api,wroker'], {}, /unknown role "wroker"/],
  ['a database that cannot be reached', [], { DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/x' }, /Postgres at 127.0.0.1:1\/x cannot be reached/],
  ['a master key of the wrong form', [], { TIDEWHEEL_MASTER_KEY: 'short' }, /TIDEWHEEL_MASTER_KEY does not hold a master key/],
])('%s: one clear line, exit code 1, no trace', async (_what, args, environment, words) => {
  const started = start((args as string[]).includes('--data') ? args : [...args, '--data', path.join(folder, 'data')], environment);
  expect(await started.exited).toBe(1);
  expect(started.output()).toMatch(words);
  expect(started.output()).not.toMatch(/\n\s+at |hidden/);
});

test('an unknown flag ends with the usage and exit code 2; --help with 0', async () => {
  const unknown = start(['--prot', '8081']);
  expect(await unknown.exited).toBe(2);
  expect(unknown.output()).toMatch(/--prot[\s\S]*--port <number>/);
  const help = start(['--help']);
  expect(await help.exited).toBe(0);
  expect(help.output()).toMatch(/--once/);
});
