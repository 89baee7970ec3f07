// Builds the web with Vite when its sources changed since the last build.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './node-24.mjs';
import { showProgress } from './progress.mjs';

export const webDist = path.join(root, 'packages', 'web', 'dist');
const stamp = path.join(webDist, '.sources');
const sources = [
  'packages/web/src',
  'packages/web/public',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/web/package.json',
  'packages/client/src',
  'packages/contract/src',
  'package-lock.json',
];

function filesBelow(place) {
  if (!existsSync(place)) return [];
  try {
    return readdirSync(place, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .sort();
  } catch {
    return [place];
  }
}

function hashOfSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesBelow(path.join(root, source))) hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @returns true when the build is there; else it has said why not */
export async function ensureWebBuilt(node) {
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && existsSync(path.join(webDist, 'index.html'))) return true;
  const end = showProgress('Building the web pages');
  const child = spawn(node, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: path.join(root, 'packages', 'web'),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Under a test run's NODE_ENV the build would take React's development version.
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', resolve);
  });
  end(code === 0 ? 'done' : 'failed');
  if (code === 0) {
    writeFileSync(stamp, hash);
    return true;
  }
  process.stderr.write(`${Buffer.concat(output).toString().trim()}\n\nThe web pages could not be built; the lines above say why.\n`);
  return false;
}
