// npm run check
import { printCheck, runChecks } from './checks.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24, requireNode20, whyNoNode24 } from './node-24.mjs';

requireNode20();
if (!(await ensureInstalled())) process.exit(1);
const node = findNode24();
if (!node) {
  console.error(whyNoNode24);
  process.exit(1);
}
const results = await runChecks(node, printCheck);
process.exitCode = results.every((result) => result.ok) ? 0 : 1;
