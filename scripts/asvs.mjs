// Reads docs/asvs.md and judges it by the tests that passed: a row that says "verified" names tests, and each of them must be among those.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './node-24.mjs';

/** Requirements of ASVS 5.0.0 at level 1 and 2, by chapter: a row that is missing or counted twice shows. */
const perChapter = { V1: 27, V2: 11, V3: 19, V4: 10, V5: 9, V6: 35, V7: 18, V8: 7, V9: 7, V10: 29, V11: 14, V12: 9, V13: 13, V14: 9, V15: 13, V16: 16, V17: 7 };
const states = ['verified', 'not applicable', 'open'];
const rowForm = /^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| ([a-z ]+) \| (.*) \|$/;
/** `packages/x.test.ts` "title or a part of it". */
const citation = /`([^`]+\.test\.tsx?)` "([^"]+)"/g;

/** @returns the rows of the table: { id, level, about, state, evidence, tests: [{ file, title }] } */
export function readRows(text = readFileSync(path.join(root, 'docs/asvs.md'), 'utf8')) {
  return text.split('\n').flatMap((line) => {
    const found = rowForm.exec(line);
    if (!found) return [];
    const [, id, level, about, state, evidence] = found;
    return [{ id, level: Number(level), about, state, evidence, tests: [...evidence.matchAll(citation)].map(([, file, title]) => ({ file, title })) }];
  });
}

/** What is wrong with the table itself. */
export function faultsOf(rows) {
  const faults = [];
  const seen = new Set();
  for (const { id, state, evidence, tests } of rows) {
    if (seen.has(id)) faults.push(`${id} is there twice`);
    seen.add(id);
    if (!states.includes(state)) faults.push(`${id}: "${state}" is none of ${states.join(', ')}`);
    if (state === 'verified' && tests.length === 0) faults.push(`${id}: verified by no test`);
    if (state !== 'verified' && evidence.trim().length < 10) faults.push(`${id}: no reason`);
  }
  for (const [chapter, count] of Object.entries(perChapter)) {
    const there = rows.filter(({ id }) => id.startsWith(`${chapter}.`)).length;
    if (there !== count) faults.push(`${chapter}: ${there} rows where ASVS 5.0.0 has ${count} requirements of level 1 and 2`);
  }
  return faults;
}

/** Named tests that did not pass. `passed`: `file › suite > test`, as the reporter writes them. */
export function missingTests(rows, passed) {
  return rows.flatMap(({ id, tests }) =>
    tests
      .filter(({ file, title }) => !passed.some((name) => name.startsWith(`${file} › `) && name.includes(title)))
      .map(({ file, title }) => `${id}: no passed test "${title}" in ${file}`),
  );
}

export function summary(rows) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  return `asvs2: verified=${count('verified')} not-applicable=${count('not applicable')} open=${count('open')}`;
}
