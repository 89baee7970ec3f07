import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stepTypes } from '@tidewheel/steps/index';
import { expect, test } from 'vitest';
import { stepTypesPage } from './step-types-page.ts';

test('docs/step-types.md is what the step types say (else: node scripts/generate-docs.mjs)', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../docs/step-types.md'), 'utf8');
  expect(page).toBe(stepTypesPage());
  for (const type of stepTypes) expect(page).toContain(`### \`${type.type}\``);
});

test('every example fits its own schema', () => {
  const faulty = stepTypes.flatMap((type) =>
    type.examples.filter(({ config }) => !type.config.safeParse(config).success).map(({ title }) => `${type.type}: ${title}`),
  );
  expect(faulty).toEqual([]);
});
