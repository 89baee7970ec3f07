// npm run check:asvs: runs every test that docs/asvs.md names and says how many requirements of OWASP ASVS 5.0 level 2 are verified by them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { faultsOf, missingTests, readRows, summary } from './asvs.mjs';
import { findNode24, root, whyNoNode24 } from './node-24.mjs';

const node = findNode24();
if (!node) {
  console.error(whyNoNode24);
  process.exit(1);
}
const rows = readRows();
const files = [...new Set(rows.flatMap(({ tests }) => tests.map(({ file }) => file)))].sort();
const folder = mkdtempSync(path.join(tmpdir(), 'tw-asvs-'));
const counts = path.join(folder, 'counts.json');
try {
  spawnSync(node, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', `--reporter=${path.join(root, 'scripts/count-reporter.mjs')}`, ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TIDEWHEEL_TEST_COUNTS: counts, PATH: `${path.dirname(node)}:${process.env.PATH}:/usr/sbin:/sbin` },
  });
  const faults = [...faultsOf(rows), ...missingTests(rows, JSON.parse(readFileSync(counts, 'utf8')).passedNames)];
  for (const fault of faults) console.log(`✗ ${fault}`);
  console.log(summary(rows));
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
