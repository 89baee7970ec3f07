// The whole product as its own process on a free port and a temporary data folder, as journeys meet it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unreachable } from '@tidewheel/contract/errors';
import { copyFirstStart, moveDemo } from './first-start.ts';
import { serverFlags } from './server-flags.ts';

export interface TestServer {
  origin: string;
  /** The one-time link of the first administrator. */
  firstLink: string | null;
  dataFolder: string;
  pid: number;
  /** What it has logged so far, as JSON lines. */
  log(): string;
  /** In order, as Ctrl+C does; the data folder goes too unless it was given or is to be kept. */
  stop(options?: { keepData?: boolean }): Promise<void>;
  /** kill -9; the data folder stays. */
  kill(): Promise<void>;
}

export interface TestServerOptions {
  /** A folder of an earlier server. */
  dataFolder?: string;
  environment?: Record<string, string>;
  /** How long it may take to be ready. */
  withinMs?: number;
}

interface Ready {
  type: 'ready';
  origin: string;
  firstLink: string | null;
}

const main = fileURLToPath(new URL('../app/main.ts', import.meta.url));
const stopWithinMs = 30_000;

/** @throws Unreachable with the log when it ends or is not ready in time */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? (await temporaryFolder());
  const isCopy = options.dataFolder === undefined && beginsAsOthers(options.environment) && (await copyFirstStart(dataFolder));
  const output: string[] = [];
  const child = spawn(process.execPath, [...serverFlags, main], {
    // Its own group, as under npm start: a Ctrl+C at the test run must not race with our stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...quiet, ...options.environment, TIDEWHEEL_DATA: dataFolder },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const log = () => output.join('');
  const { origin, firstLink } = await untilReady(child, { log, withinMs: options.withinMs ?? 120_000 });
  if (isCopy) await moveDemo(dataFolder);
  return {
    origin,
    firstLink,
    dataFolder,
    pid: child.pid ?? 0,
    log,
    kill: () => end(child, 'SIGKILL'),
    async stop({ keepData = false } = {}) {
      await end(child, 'SIGTERM');
      if (!keepData && options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** One light table process and any port; what a developer has set for himself does not count here. */
const quiet = {
  TIDEWHEEL_PORT: '0',
  TIDEWHEEL_HOST: '127.0.0.1',
  TIDEWHEEL_ROLES: '',
  TIDEWHEEL_PUBLIC_URL: '',
  TIDEWHEEL_MASTER_KEY: '',
  TIDEWHEEL_TABLE_PROCESSES: '1',
  TIDEWHEEL_LOG_LEVEL: 'info',
  TIDEWHEEL_S3_BUCKET: '',
  // Test servers are on this machine, and a walk over every route asks faster than any person.
  TIDEWHEEL_EGRESS_ALLOW: '127.0.0.0/8,::1',
  TIDEWHEEL_RATE_LIMITS: 'off',
  DATABASE_URL: '',
};

/** With a database or a key of its own it cannot take over what another one made. */
function beginsAsOthers(environment: Record<string, string> = {}): boolean {
  return ['DATABASE_URL', 'TIDEWHEEL_MASTER_KEY', 'TIDEWHEEL_FOLDERS', 'TIDEWHEEL_S3_BUCKET'].every((name) => !environment[name]);
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-journey-'));
  // As root Postgres runs as another user, who has to pass through.
  await chmod(folder, 0o711);
  return folder;
}

function untilReady(child: ChildProcess, { log, withinMs }: { log(): string; withinMs: number }): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Unreachable('test.server', `The test server ${why}:\n${log()}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${withinMs} ms`), withinMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal} before it was ready`);
    });
    child.on('message', (message: Ready) => {
      if (message.type !== 'ready') return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(message);
    });
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(timer);
}
