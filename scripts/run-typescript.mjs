// Runs one of our TypeScript programs under Node 24 in place of this process: same terminal, same exit code, and it ends when we do.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { findNode24, requireNode20, root, whyNoNode24 } from './node-24.mjs';

/** Signals of the terminal reach the child by itself; those sent to us alone are passed on. */
export async function runTypeScript(program, args) {
  requireNode20();
  if (!(await ensureInstalled())) process.exit(1);
  const node = findNode24();
  if (!node) {
    console.error(whyNoNode24);
    process.exit(1);
  }
  const child = spawn(node, [path.join(root, program), ...args], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${node} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}
