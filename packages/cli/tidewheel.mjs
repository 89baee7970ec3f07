#!/usr/bin/env node
// Starts the command line on Node 24, which runs our TypeScript as it is; where `node` is older, the one that npm installed beside us takes over.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = fileURLToPath(new URL('./src/main.ts', import.meta.url));

function bundledNode() {
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const manifest = createRequire(import.meta.url).resolve(`${platform}/package.json`);
  return path.join(path.dirname(manifest), 'bin', 'node');
}

function handOver() {
  const child = spawn(bundledNode(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl+C reaches the child by itself; this process only has to outlive it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

if (Number(process.versions.node.split('.')[0]) >= 24) await import(pathToFileURL(main).href);
else handOver();
