// npm test: installs what the tests need, checks the house, runs every test, ends with one line of counts.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { faultsOf, missingTests, readRows, summary } from './asvs.mjs';
import { ensureWebBuilt } from './build-web.mjs';
import { printCheck, runChecks } from './checks.mjs';
import { ensureDebianPackages } from './debian-packages.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24, requireNode20, root, whyNoNode24 } from './node-24.mjs';

requireNode20();
const full = process.argv.includes('--full');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const strict = process.env.TIDEWHEEL_REQUIRE_ALL === '1';
const shared = path.resolve(root, process.env.TIDEWHEEL_SHARED ?? '../shared');

function finish({ passed, failed, skipped }) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 || (strict && skipped > 0) ? 1 : 0);
}

// From another place than npm's packages: both are fetched at once, and what needs npm's alone goes on.
const fetching = ensureDebianPackages();
const isInstalled = await ensureInstalled();
const node = isInstalled ? findNode24() : undefined;
if (!node) {
  if (isInstalled) console.error(whyNoNode24);
  await fetching;
  finish({ passed: 0, failed: 1, skipped: 0 });
}
if (!existsSync(shared)) console.log(`No folder ${shared} (TIDEWHEEL_SHARED): the tests that need its data are skipped by name.`);

const folder = mkdtempSync(path.join(tmpdir(), 'tw-counts-'));
const compileCache = path.join(root, 'node_modules', '.cache', 'tidewheel-compile');
let running = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    running?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
}

/** One Vitest run of some projects. @returns its counts; a run that could not even start counts as one failure */
async function runProjects(projects) {
  const counts = path.join(folder, `${projects.join('-')}.json`);
  const environment = {
    ...process.env,
    TIDEWHEEL_SHARED: shared,
    TIDEWHEEL_TEST_COUNTS: counts,
    // Each of some 400 workers, servers and command lines would compile the same libraries again.
    NODE_COMPILE_CACHE: compileCache,
    PATH: `${path.dirname(node)}:${process.env.PATH}:/usr/sbin:/sbin`,
    ...(full ? { TIDEWHEEL_FULL: '1' } : {}),
  };
  const args = [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--passWithNoTests',
    ...projects.flatMap((name) => ['--project', name]),
    `--reporter=${path.join(root, 'scripts/count-reporter.mjs')}`,
    ...only,
  ];
  running = spawn(node, args, { cwd: root, env: environment, stdio: 'inherit' });
  const code = await new Promise((resolve) => {
    running.once('error', () => resolve(1));
    running.once('close', resolve);
  });
  if (!existsSync(counts))
    return { passed: 0, skipped: [], failed: code === 0 ? [] : [{ name: `vitest (${projects.join(', ')}) did not run`, errors: [], diffs: [] }] };
  return JSON.parse(readFileSync(counts, 'utf8'));
}

const total = { passed: 0, failed: [], skipped: [] };
const whole = only.length === 0;
if (whole && !(await ensureWebBuilt(node))) total.failed.push({ name: 'build of the web pages', errors: ['its output is above'], diffs: [] });
// The checks fill what the first tests leave idle: those wait for servers and hosts much of the time.
const checking = whole ? runChecks(node, printCheck) : [];
const note = await fetching;
if (note) console.log(note);
const passedNames = [];
// Three files at a time; crashes and journeys with nothing else beside them, and what measures has the machine to itself.
for (const projects of [['unit', 'pure', 'db', 'db-own'], ['crash', 'journeys'], ['alone']]) {
  const result = await runProjects(projects);
  total.passed += result.passed;
  passedNames.push(...(result.passedNames ?? []));
  total.failed.push(...result.failed);
  total.skipped.push(...result.skipped);
}
for (const { name, ok } of await checking) {
  if (ok) total.passed++;
  else total.failed.push({ name, errors: ['its output is above'], diffs: [] });
}
rmSync(folder, { recursive: true, force: true });

// What docs/asvs.md claims, judged by the tests that just ran.
if (whole) {
  const rows = readRows();
  const errors = [...faultsOf(rows), ...missingTests(rows, [...passedNames, ...(strict ? [] : total.skipped)])];
  console.log(summary(rows));
  if (errors.length === 0) total.passed++;
  else total.failed.push({ name: 'docs/asvs.md', errors, diffs: [] });
}

if (total.skipped.length > 0)
  console.log(`\nSkipped${strict ? ' (a failure: TIDEWHEEL_REQUIRE_ALL=1)' : ''}:\n${total.skipped.map((name) => `  ${name}`).join('\n')}`);
for (const { name, errors, diffs } of total.failed) console.log(`\n✗ ${name}\n${[...errors, ...diffs].join('\n')}`);
console.log('');
finish({ passed: total.passed, failed: total.failed.length, skipped: total.skipped.length });
