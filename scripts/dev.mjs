// npm run dev: API, worker and web in one terminal, each started again when its sources change. Runs itself under Node 24.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { spawnGuarded } from './guarded.mjs';
import { findNode24, requireNode20, root } from './node-24.mjs';
import { serverFlags } from './server-flags.mjs';

if (Number(process.versions.node.split('.')[0]) < 24) {
  const { runTypeScript } = await import('./run-typescript.mjs');
  await runTypeScript('scripts/dev.mjs', process.argv.slice(2));
  await new Promise(() => {});
}
requireNode20();

const flags = readFlags();
if (flags.data) process.env.TIDEWHEEL_DATA = path.resolve(flags.data);
if (flags.port) process.env.TIDEWHEEL_PORT = flags.port;
const environmentFile = path.join(root, '.env');
if (existsSync(environmentFile)) process.loadEnvFile(environmentFile);
const { readSettings } = await import('../packages/server/src/base/settings.ts');
const { createLogger } = await import('../packages/server/src/base/logger.ts');
const { startEmbedded } = await import('../packages/server/src/storage/postgres/embedded.ts');

const node = findNode24();
const settings = readSettings();
const colours = { api: 36, worker: 35, web: 33, all: 32 };
const children = [];

function readFlags() {
  try {
    return parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' } } }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\nnpm run dev takes --data <folder> and --port <number>; all else stands in the environment or in .env.\n`);
    process.exit(2);
  }
}

function say(name, line) {
  const label = `[${name}]`.padEnd(9);
  process.stdout.write(`${process.stdout.isTTY ? `\x1b[${colours[name]}m${label}\x1b[0m` : label}${line}\n`);
}

function readable(line) {
  try {
    const { level, msg, hint, err } = JSON.parse(line);
    return level === undefined ? line : `${level >= 50 ? 'ERROR ' : level >= 40 ? 'warning ' : ''}${[msg, hint, err?.stack].filter(Boolean).join(' ')}`;
  } catch {
    return line;
  }
}

function run(name, args, environment, cwd = root) {
  const child = spawnGuarded(node, args, { cwd, env: { ...process.env, ...environment } });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => line.trim() && say(name, readable(line)));
  child.once('exit', (code) => !stopping && say(name, `ended with ${code}`));
  children.push(child);
}

let stopping = false;
async function stop() {
  if (stopping) process.exit(1);
  stopping = true;
  say('all', 'stopping');
  const gone = children.filter((child) => child.exitCode === null).map((child) => once(child, 'exit'));
  for (const child of children) child.stdin.destroy();
  await Promise.all(gone);
  await postgres?.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());

// The database outlives the restarts of API and worker, so it is ours.
const postgres = settings.databaseUrl ? null : await startEmbedded({ dataFolder: settings.dataFolder, logger: createLogger({ role: 'dev', level: 'warn' }) });
const database = { DATABASE_URL: settings.databaseUrl ?? postgres.ownerUrl };
const port = settings.port || 8080;
const server = ['--watch', '--watch-preserve-output', ...serverFlags, path.join(root, 'packages/server/src/app/main.ts')];
run('api', server, { ...database, TIDEWHEEL_ROLES: 'api,scheduler', TIDEWHEEL_PORT: String(port) });
run('worker', server, { ...database, TIDEWHEEL_ROLES: 'worker' });
run(
  'web',
  [path.join(root, 'node_modules/vite/bin/vite.js')],
  { TIDEWHEEL_DEV_SERVER: `http://127.0.0.1:${port}`, NO_COLOR: '1' },
  path.join(root, 'packages/web'),
);
