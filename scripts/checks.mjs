// The three checks that keep the house: types and layers, style and imports, dead code. None of them rewrites anything.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './node-24.mjs';

const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/** The platform binary or script of each, run under Node 24 where it is a script. */
const checks = [
  // Several checkers of one project each look at what they share, and projects are built side by side anyway.
  { name: 'types and layers (tsc -b)', command: bin('tsc'), args: ['-b', '--pretty', 'false', '--checkers', '1'] },
  { name: 'style and imports (biome)', command: bin('biome'), args: ['check', '--max-diagnostics=60', '.'] },
  { name: 'dead code (knip)', command: bin('knip'), args: ['--no-progress'] },
];

function run({ name, command, args }, node) {
  const since = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${path.dirname(node)}:${process.env.PATH}` },
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    const end = (ok, text) => resolve({ name, ok, ms: Date.now() - since, output: text ?? Buffer.concat(output).toString().trim() });
    child.once('error', (error) => end(false, String(error)));
    child.once('close', (code) => end(code === 0));
  });
}

/** All three at once, each given to `ended` as soon as it has. @returns `{ name, ok, ms, output }` of each */
export function runChecks(node, ended) {
  return Promise.all(
    checks.map(async (check) => {
      const result = await run(check, node);
      ended(result);
      return result;
    }),
  );
}

export function printCheck({ name, ok, ms, output }) {
  console.log(`${ok ? '✓' : '✗'} ${name} · ${(ms / 1_000).toFixed(1)} s`);
  if (!ok) console.log(`${output}\n`);
}
