// docs/audit.md lists what is recorded: every action of the trail, and none that is no more.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { auditActions } from '@tidewheel/contract/audit-actions';
import { expect, test } from 'vitest';

test('docs/audit.md names every action of the trail, and no other', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../docs/audit.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `[a-z_]+\.[a-z_]+`/.test(line));
  expect(rows.flatMap((row) => actionsIn(row.split('|')[1] ?? '')).sort()).toEqual([...auditActions].sort());
});

/** `run.started`, `.rerun`: the second is of the object of the first. */
function actionsIn(cell: string): string[] {
  let object = '';
  return [...cell.matchAll(/`([a-z_]*)\.([a-z_]+)`/g)].map(([, named = '', what = '']) => {
    object = named || object;
    return `${object}.${what}`;
  });
}
