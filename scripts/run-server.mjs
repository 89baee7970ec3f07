// Runs the server under Node 24, shows a person what matters of its log, starts it again when it dies, and takes it down with itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './node-24.mjs';
import { showProgress } from './progress.mjs';
import { deathsInARow, restartPolicy } from './restart-policy.mjs';
import { serverFlags } from './server-flags.mjs';

const warning = 40;
const error = 50;
/** A second Ctrl+C, or a stop that takes this long, ends it at once. */
const stopWithinMs = 30_000;

/** A log line as a person reads it; null when it is not for him. Text that is not our log is shown as it is. */
function forPeople(line) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return line.trim() ? line : null;
  }
  if (typeof entry?.level !== 'number') return line;
  if (entry.level < warning) return null;
  const words = [entry.msg, entry.hint ?? entry.err?.hint].filter(Boolean).join(' ');
  return `${entry.level >= error ? 'Error' : 'Note'}: ${words}`;
}

function printReady({ origin, firstLink, dataFolder, roles, note, ms }) {
  const lines = [
    '',
    `  Tidewheel is ready${origin ? ` on ${origin}` : ''}   (${(ms / 1_000).toFixed(1)} s)`,
    note ? `  ${note}` : null,
    firstLink ? `\n  Make the first administrator with this link (it works once):\n  ${firstLink}` : null,
    '',
    `  Data   ${dataFolder}`,
    roles ? `  Roles  ${roles.join(', ')}` : null,
    '  Stop   Ctrl+C',
    '',
  ];
  process.stdout.write(`${lines.filter((line) => line !== null).join('\n')}\n`);
}

/** npm does not always pass on how it ended: when it is gone, so are we. Only under npm, so that a daemon may outlive its shell. */
function watchParent(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop('SIGTERM');
  }, 500).unref();
}

function spawnServer({ node, once, showLogs, environment }) {
  const settingsFile = path.join(root, '.env');
  const args = [
    ...serverFlags,
    ...(existsSync(settingsFile) ? [`--env-file=${settingsFile}`] : []),
    path.join(root, 'packages/server/src/app/main.ts'),
    once ? '--once' : '--demo',
  ];
  // Half a second of a start is compiling our own sources and libraries: Node keeps the result there.
  const compileCache = { NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'tidewheel-compile') };
  // The channel is also the leash: the server stops when it closes, so a kill -9 of this process leaves nothing behind.
  // Its own process group: Ctrl+C reaches it through us, once.
  return spawn(node, args, {
    env: { ...compileCache, ...environment },
    detached: true,
    stdio: ['ignore', 'inherit', showLogs ? 'inherit' : 'pipe', 'ipc'],
  });
}

/** One life of the server. @returns `child`, and `ended`: a promise of how and after how long, and whether it had been ready */
function live(options) {
  const since = Date.now();
  const endProgress = showProgress(options.once ? 'Starting and running the demo flows' : 'Starting');
  let progressing = true;
  const calm = (outcome) => {
    if (progressing) endProgress(outcome);
    progressing = false;
  };
  const child = spawnServer(options);
  let ready = false;
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const words = forPeople(line);
      if (words === null) return;
      if (progressing && process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
      process.stderr.write(`${words}\n`);
    });
  }
  child.on('message', (message) => {
    if (message?.type !== 'ready' || options.once) return;
    ready = true;
    calm();
    printReady(message);
  });
  const ended = new Promise((resolve) => {
    const end = (code, signal) => resolve({ code, signal, ready, livedMs: Date.now() - since });
    child.once('error', (cause) => {
      calm();
      process.stderr.write(`${options.node} cannot be run: ${cause.message}\n`);
      end(1, null);
    });
    child.once('close', (code, signal) => {
      calm(code === 0 ? 'done' : 'failed');
      end(code, signal);
    });
  });
  return { child, ended, calm };
}

function exitCodeOf({ code, signal }) {
  return signal ? 128 + constants.signals[signal] : code;
}

/** Says what died. @returns the ms to wait before it is started again; null when it shall stay dead */
function sayDeath(death, waitAfter) {
  const how = death.signal ? `was killed by ${death.signal}` : `ended with exit code ${death.code}`;
  const waitMs = waitAfter(death.livedMs);
  const next =
    waitMs === null
      ? `That was ${deathsInARow} times in a row, so it is not started again. What stands above and in the log (logs/ in the data folder) says why.`
      : `It is started again in ${waitMs / 1_000} s, and its runs go on.`;
  process.stderr.write(`The server ${how} ${(death.livedMs / 1_000).toFixed(1)} s after its start. ${next}\n`);
  return waitMs;
}

/** A server that had been ready and died without being asked to is started again. @returns the exit code of the last one */
export async function runServer(options) {
  const { once } = options;
  const waitAfter = restartPolicy();
  const waiting = new AbortController();
  let current = null;
  let stopping = 0;
  const stop = (signal) => {
    stopping += 1;
    waiting.abort();
    if (stopping > 1) return current.child.kill('SIGKILL');
    current.calm();
    if (!once) process.stderr.write('Stopping …\n');
    current.child.kill(signal);
    return setTimeout(() => current.child.kill('SIGKILL'), stopWithinMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  watchParent(stop);
  let wasReady = false;
  for (let environment = options.environment; ; environment = { ...environment, TIDEWHEEL_STARTED_AT: String(Date.now()) }) {
    current = live({ ...options, environment });
    const death = await current.ended;
    wasReady ||= death.ready;
    if (stopping === 1 && !once && (death.code === 0 || death.signal)) return 0;
    // What cannot even start, or ends in order, has said so: there is nothing to try again.
    if (stopping > 0 || !wasReady || death.code === 0) return exitCodeOf(death);
    const waitMs = sayDeath(death, waitAfter);
    if (waitMs === null) return exitCodeOf(death);
    await sleep(waitMs, undefined, { signal: waiting.signal }).catch(() => {});
    if (stopping > 0) return 0;
  }
}
