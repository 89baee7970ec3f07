import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../base/logger.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts';
import { goneWithin, isAlive } from './leftover.ts';
import { canReach, type ServerUser } from './server-user.ts';

const logger = createLogger({ role: 'test', level: 'silent' });
const isRoot = process.getuid?.() === 0;
let folder: string;
let running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-embedded-'));
  await chmod(folder, 0o711);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const postgres of running.splice(0)) await postgres.stop();
  const pointer = path.join(folder, 'postgres.location');
  if (existsSync(pointer)) await rm(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function start(dataFolder = folder): Promise<EmbeddedPostgres> {
  const postgres = await startEmbedded({ dataFolder, logger, sync: false });
  running.push(postgres);
  return postgres;
}

async function query(postgres: { ownerUrl: string }, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const clone = path.resolve(import.meta.dirname, '../../../../..');

/** A clone below a closed folder is shown to a plain user at another place, in a mount namespace of the process's own. */
function spawnAs(user: ServerUser, [command = '', ...args]: string[]): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  if (canReach(user, clone)) return spawn(command, args, { stdio: [...stdio], uid: user.uid, gid: user.gid });
  const window = path.join(tmpdir(), `tw-window-${process.pid}`);
  mkdirSync(window, { recursive: true });
  const script = 'mount --bind "$1" "$2" && cd / && shift 2 && exec setpriv --reuid="$1" --regid="$2" --clear-groups -- "$3" "$4" "$5"';
  const inWindow = [command, ...args].map((word) => word.replace(clone, window));
  return spawn('unshare', ['-m', 'sh', '-c', script, 'sh', clone, window, String(user.uid), String(user.gid), ...inWindow], { stdio: [...stdio] });
}

/** Another process that holds the folder's Postgres. */
async function holdElsewhere(options: { user?: ServerUser; dataFolder?: string } = {}): Promise<{ child: ChildProcess; pid: number; ownerUrl: string }> {
  const command = [process.execPath, path.join(import.meta.dirname, 'testing', 'hold.ts'), options.dataFolder ?? folder];
  const [node = '', ...args] = command;
  const child = options.user ? spawnAs(options.user, command) : spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout as Readable })) return { child, ...(JSON.parse(line) as { pid: number; ownerUrl: string }) };
  throw new RangeError('the holder said nothing');
}

function processesBelow(place: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8', maxBuffer: 64_000_000 })
    .split('\n')
    .filter((line) => line.includes(place) && line.includes('postgres'));
}

test('makes a database, keeps it over a restart, and stops without a trace', async () => {
  const first = await start();
  await query(first, "create table kept (word text); insert into kept values ('still here')");
  const pid = await first.pid();
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  expect(processesBelow(folder)).toEqual([]);
  const second = await start();
  expect(await query(second, 'select word from kept')).toEqual([{ word: 'still here' }]);
  expect(
    await query(
      second,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync, current_setting('data_checksums') as sums, current_setting('listen_addresses') as listen`,
    ),
  ).toEqual([{ fsync: 'on', sync: 'on', sums: 'on', listen: '' }]);
});

test('a kill -9 of the process that started it ends Postgres, and the next start recovers', async () => {
  const held = await holdElsewhere();
  await query(held, "create table kept (word text); insert into kept values ('committed')");
  held.child.kill('SIGKILL');
  expect(await goneWithin(held.pid, 60_000)).toBe(true);
  await expect.poll(() => processesBelow(folder)).toEqual([]);
  expect(await query(await start(), 'select word from kept')).toEqual([{ word: 'committed' }]);
});

/** The shell above a postmaster and the one beside it, stopped, so that they can do nothing while their parent dies. */
function freezeGuard(postmaster: number): number[] {
  const guard = Number(
    readFileSync(`/proc/${postmaster}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(guard)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);
  const shells = [guard, ...children.filter((pid) => pid !== postmaster)];
  for (const shell of shells) process.kill(shell, 'SIGSTOP');
  return shells;
}

async function killHard(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

test('a kill -9 of everything at once leaves a lock file, which the next start recovers', async () => {
  const held = await holdElsewhere();
  await query(held, "create table kept (word text); insert into kept values ('committed')");
  const shells = freezeGuard(held.pid);
  await killHard(held.child);
  for (const pid of [held.pid, ...shells]) process.kill(pid, 'SIGKILL');
  expect(existsSync(path.join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(true);
  expect(await query(await start(), 'select word from kept')).toEqual([{ word: 'committed' }]);
});

test('a Postgres that outlived its parent and its guard is stopped, then the start goes on', async () => {
  const held = await holdElsewhere();
  const shells = freezeGuard(held.pid);
  await killHard(held.child);
  for (const shell of shells) process.kill(shell, 'SIGKILL');
  expect(isAlive(held.pid)).toBe(true);
  const next = await start();
  expect(await next.pid()).not.toBe(held.pid);
  expect(isAlive(held.pid)).toBe(false);
});

test('a lock file whose process id belongs to another program by now does not stop the start', async () => {
  const first = await start();
  await first.stop();
  running = [];
  await writeFile(
    path.join(folder, 'postgres', 'data', 'postmaster.pid'),
    `${process.pid}\n${path.join(folder, 'postgres', 'data')}\n1700000000\n5432\n\n\n\nready   \n`,
  );
  expect(await query(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('Postgres itself dies while we run: it is started again and a pool goes on', async () => {
  const postgres = await start();
  const pool = new pg.Pool({ connectionString: postgres.ownerUrl, max: 2 });
  pool.on('error', () => {});
  await pool.query('create table counted (n int)');
  const pid = await postgres.pid();
  process.kill(pid, 'SIGKILL');
  // Its children live on for a moment: only an answer of the new one counts.
  for (let i = 0; i < 900 && (await postgres.pid()) === pid; i++) await sleep(100);
  let answer: unknown;
  for (let i = 0; i < 900 && answer === undefined; i++) {
    answer = await pool.query('select count(*)::int as n from counted').then(
      (found) => found.rows[0],
      () => sleep(100),
    );
  }
  await pool.end();
  expect(answer).toEqual({ n: 0 });
  expect(await postgres.pid()).not.toBe(pid);
});

test('a data folder of another major version is refused and left as it was', async () => {
  const first = await start();
  await first.stop();
  running = [];
  const version = path.join(folder, 'postgres', 'data', 'PG_VERSION');
  await writeFile(version, '15\n');
  await expect(startEmbedded({ dataFolder: folder, logger })).rejects.toMatchObject({
    code: 'postgres.other_version',
    message: expect.stringContaining('PostgreSQL 15'),
  });
  expect(readFileSync(version, 'utf8')).toBe('15\n');
  expect(existsSync(path.join(folder, 'tidewheel.lock'))).toBe(false);
});

test('a second one on the same folder is refused with the process that holds it', async () => {
  const held = await holdElsewhere();
  await expect(startEmbedded({ dataFolder: folder, logger })).rejects.toMatchObject({
    code: 'instance.running',
    message: expect.stringContaining(String(held.child.pid)),
  });
  expect(await query(held, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an initdb that was interrupted leaves nothing that a start could take for a database', async () => {
  await mkdir(path.join(folder, 'postgres', 'data.new-gone', 'base'), { recursive: true });
  await start();
  expect((await readdir(path.join(folder, 'postgres'))).sort()).toEqual(['data', 'run']);
});

test('a lost password file is named, and nothing is made anew', async () => {
  await (await start()).stop();
  running = [];
  await rm(path.join(folder, 'postgres.password'));
  await expect(startEmbedded({ dataFolder: folder, logger })).rejects.toMatchObject({ code: 'postgres.no_password' });
});

test.runIf(isRoot)('as root below a folder of mode 0700 the database goes where its user can reach it, and is found again', async () => {
  const inside = path.join(folder, 'clone', 'data');
  await chmod(folder, 0o700);
  await mkdir(inside, { recursive: true, mode: 0o700 });
  const first = await start(inside);
  await query(first, 'create table kept (word text)');
  await first.stop();
  const pointer = path.join(inside, 'postgres.location');
  const place = readFileSync(pointer, 'utf8').trim();
  expect(place).not.toContain(folder);
  expect(await query(await start(inside), 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
  await writeFile(path.join(folder, 'postgres.location'), place);
});

test.runIf(isRoot)('as a plain user below a folder of mode 0700', async () => {
  const nobody = 65_534;
  const inside = path.join(folder, 'data');
  await chown(folder, nobody, nobody);
  await chmod(folder, 0o700);
  const held = await holdElsewhere({ user: { name: 'nobody', uid: nobody, gid: nobody }, dataFolder: inside });
  expect(existsSync(path.join(inside, 'postgres', 'data', 'PG_VERSION'))).toBe(true);
  held.child.kill('SIGKILL');
  expect(await goneWithin(held.pid, 60_000)).toBe(true);
});
