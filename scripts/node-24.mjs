// Finds the Node 24 that the product runs on: this process when it is new enough, else the one npm installed for this platform.
import { existsSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

const oldest = 20;
const wanted = 24;

function major() {
  return Number(process.versions.node.split('.')[0]);
}

/** Ends the process with a clear word when not even the scripts can run. */
export function requireNode20() {
  if (major() >= oldest) return;
  console.error(`Tidewheel needs Node ${oldest} or newer to start; this is ${process.version} (${process.execPath}).`);
  process.exit(1);
}

/** @returns the path of a Node 24 (or newer), null when this platform has none: then `whyNoNode24` says what to do */
export function findNode24() {
  if (major() >= wanted) return process.execPath;
  const installed = path.join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(installed) ? installed : null;
}

export const whyNoNode24 = `Tidewheel runs on Node ${wanted}. npm brings it for Linux on x64 and arm64; this is ${process.platform} on ${process.arch} with ${process.version}.
Install Node ${wanted} or newer from https://nodejs.org and start again.`;
