// Runs the server under Node 24, shows a person what matters of its log, and takes it down with itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './node-24.mjs';
import { showProgress } from './progress.mjs';

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

/** @returns the exit code of the server */
export function runServer({ node, once, showLogs, environment }) {
  const endProgress = showProgress(once ? 'Starting and running both demo flows' : 'Starting');
  let progressing = true;
  const calm = () => {
    if (progressing) endProgress();
    progressing = false;
  };
  const settingsFile = path.join(root, '.env');
  const args = [
    '--disable-warning=ExperimentalWarning',
    ...(existsSync(settingsFile) ? [`--env-file=${settingsFile}`] : []),
    path.join(root, 'packages/server/src/app/main.ts'),
    ...(once ? ['--once'] : []),
  ];
  // Half a second of a start is compiling our own sources and libraries: Node keeps the result there.
  const compileCache = { NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'tidewheel-compile') };
  // The channel is also the leash: the server stops when it closes, so a kill -9 of this process leaves nothing behind.
  // Its own process group: Ctrl+C reaches it through us, once.
  const child = spawn(node, args, {
    env: { ...compileCache, ...environment },
    detached: true,
    stdio: ['ignore', 'inherit', showLogs ? 'inherit' : 'pipe', 'ipc'],
  });
  let stopping = 0;
  const stop = (signal) => {
    stopping += 1;
    if (stopping > 1) return child.kill('SIGKILL');
    calm();
    if (!once) process.stderr.write('Stopping …\n');
    child.kill(signal);
    return setTimeout(() => child.kill('SIGKILL'), stopWithinMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  watchParent(stop);
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const words = forPeople(line);
      if (words === null) return;
      if (progressing && process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
      process.stderr.write(`${words}\n`);
    });
  }
  child.on('message', (message) => {
    if (message?.type !== 'ready') return;
    if (once) return;
    calm();
    printReady(message);
  });
  return new Promise((resolve) => {
    child.once('error', (cause) => {
      calm();
      process.stderr.write(`${node} cannot be run: ${cause.message}\n`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      if (progressing) endProgress(code === 0 ? 'done' : 'failed');
      const asked = stopping === 1 && !once;
      resolve(asked && (code === 0 || signal) ? 0 : signal ? 128 + constants.signals[signal] : code);
    });
  });
}
