// docs/live.md lists the events of the contract as they are.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { withEvents } from './event-table.ts';

it('docs/live.md shows every type of event and its data (else: node scripts/generate-docs.mjs)', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../docs/live.md'), 'utf8');
  expect(withEvents(page)).toBe(page);
});
