// docs/security.md states figures and a matrix: they are the code's own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { flowLimits } from '@tidewheel/contract/flow-document';
import { Password } from '@tidewheel/contract/routes/identity';
import { describe, expect, it } from 'vitest';
import { accessMinutes } from '../packages/server/src/platform/identity/access-token.ts';
import { passwordFault } from '../packages/server/src/platform/identity/password-fault.ts';
import { sessionDays } from '../packages/server/src/platform/identity/tokens.ts';
import { withMatrix } from './permission-matrix.ts';

interface Row {
  id: string;
  level: number;
  about: string;
  state: string;
  evidence: string;
  tests: { file: string; title: string }[];
}
interface Asvs {
  readRows(): Row[];
  faultsOf(rows: Row[]): string[];
  missingTests(rows: Row[], passed: string[]): string[];
}
// A script of any Node, so without types.
const { readRows, faultsOf, missingTests } = (await import(new URL('./asvs.mjs', import.meta.url).href)) as Asvs;
const page = readFileSync(path.resolve(import.meta.dirname, '../docs/security.md'), 'utf8');

describe('docs/security.md', () => {
  it('shows what the preset roles allow (else: node scripts/generate-docs.mjs)', () => {
    expect(withMatrix(page)).toBe(page);
  });

  it('states how input is checked and its limits', () => {
    expect(page).toContain(`${flowLimits.sourceBytes / 1_000_000} MB and ${flowLimits.steps.toLocaleString('en')} steps`);
    expect(page).toContain('/api/openapi.json');
    expect(page).toMatch(/whether the\s+values fit together/);
  });

  it('states how guessing is hindered, without a way to lock somebody out for long', () => {
    expect(page).toMatch(/5 failures of an account are free, then each waits 10 s, doubling to at most\s+15 minutes/);
  });

  it('states the words that no password may be made of, and none is', () => {
    expect(page).toContain("the product's name");
    expect(passwordFault('tidewheel-tidewheel', { email: 'ann@example.com', minLength: 12 })).not.toBeNull();
  });

  it('states every way to sign in', () => {
    for (const way of ['By passkey', 'by single sign-on', 'by a program', 'Service accounts', 'There is no other way in']) expect(page).toContain(way);
  });

  it('states when sessions end, how many there may be, and what single sign-on changes', () => {
    expect(page).toContain(`End ${sessionDays} days after sign-in, after 12 hours without use, and when there are more than 10`);
    expect(page).toContain(`Ed25519, ${accessMinutes} minutes`);
    expect(page).toContain("NIST SP 800-63B's 12 hours");
  });

  it('states the lengths of passwords', () => {
    expect([Password.minLength, Password.maxLength]).toEqual([12, 128]);
    expect(page).toContain('12 to 128 characters');
  });

  it('states rules for objects, fields and routes', () => {
    for (const word of ['**Objects.**', '**Fields.**', '**Each route**']) expect(page).toContain(word);
  });

  it('lists keys, algorithms, connections, classes of data, logs and the care of dependencies', () => {
    for (const word of [
      '**Keys.**',
      'AES-256-GCM',
      '**Connections that Tidewheel makes**',
      '**Data.**',
      '**Logs.**',
      '**Dependencies.**',
      'npm sbom',
      'within 7 days',
    ])
      expect(page).toContain(word);
  });
});

describe('docs/asvs.md', () => {
  const rows = readRows();

  it('has a row for each requirement of ASVS 5.0.0 level 1 and 2, each with a state and a reason', () => {
    expect(faultsOf(rows)).toEqual([]);
  });

  it('names tests whose files are there', () => {
    const root = path.resolve(import.meta.dirname, '..');
    const missing = rows.flatMap(({ id, tests }) => tests.filter(({ file }) => !readable(path.join(root, file))).map(({ file }) => `${id}: ${file}`));
    expect(missing).toEqual([]);
  });

  it('is refused when a test it names did not pass', () => {
    const row = { id: 'V1.1.1', level: 1, about: '', state: 'verified', evidence: '', tests: [{ file: 'a.test.ts', title: 'works' }] };
    expect(missingTests([row], ['a.test.ts › it works'])).toEqual([]);
    expect(missingTests([row], ['b.test.ts › it works', 'a.test.ts › it fails'])).toHaveLength(1);
  });
});

function readable(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}
