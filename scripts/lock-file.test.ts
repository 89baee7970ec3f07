// npm leaves optional packages of other platforms out of the lock file when a mirror lacks them, and then `npm ci` refuses to install at all.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Entry {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };

/** As Node resolves: in the package's own folder, then outwards. */
function isLocked(from: string, name: string): boolean {
  for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    if (`${base ? `${base}/` : ''}node_modules/${name}` in packages) return true;
    if (base === '') return false;
  }
}

test('the lock file names every optional package, also of the platforms it was not written on', () => {
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => !isLocked(from, name)),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no registry: each installs from the one its npm is set to', () => {
  expect(JSON.stringify(packages)).not.toMatch(/"resolved":"https?:/);
});
