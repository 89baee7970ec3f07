// Installs the packages of package-lock.json when what is installed differs from it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './node-24.mjs';
import { showProgress } from './progress.mjs';

const modules = path.join(root, 'node_modules');

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** npm writes what it installed into node_modules/.package-lock.json, last of all. Optional packages of other platforms are absent there. */
export function isInstalled() {
  const written = path.join(modules, '.package-lock.json');
  if (!existsSync(written)) return false;
  const installed = readPackages(written);
  return Object.entries(readPackages(path.join(root, 'package-lock.json'))).every(([name, wanted]) => {
    if (!name.includes('node_modules/') || wanted.link) return true;
    const found = installed[name];
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}

function countFolders() {
  try {
    return readdirSync(modules, { withFileTypes: true }).reduce(
      (sum, entry) => sum + (entry.name.startsWith('@') ? readdirSync(path.join(modules, entry.name)).length : entry.name.startsWith('.') ? 0 : 1),
      0,
    );
  } catch {
    return 0;
  }
}

/** The npm that started us, else the one in PATH. */
function npmCommand() {
  const program = process.env.npm_execpath;
  return program && /\.c?js$/.test(program) ? [process.execPath, program] : ['npm'];
}

function run([command, ...args]) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'development' } });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code, signal) => resolve({ code: signal ? 1 : code, output: Buffer.concat(output).toString() }));
  });
}

/** npm says what is wrong first and how to use npm last. */
function excerpt(output) {
  const lines = output.trim().split('\n');
  return lines.length <= 30 ? lines.join('\n') : [...lines.slice(0, 24), '…', ...lines.slice(-5)].join('\n');
}

/** @returns true when everything is there; else it has said why not */
export async function ensureInstalled() {
  if (isInstalled()) return true;
  const end = showProgress('Installing packages (npm ci; once, about a minute)', () => {
    const count = countFolders();
    return count > 0 ? `${count} packages so far` : '';
  });
  const { code, output } = await run([...npmCommand(), 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  end(code === 0 ? 'done' : 'failed');
  if (code === 0) return true;
  process.stderr.write(`${excerpt(output)}\n\nThe packages could not be installed. Look at the lines above (network? disk? registry?), then start again.\n`);
  return false;
}
