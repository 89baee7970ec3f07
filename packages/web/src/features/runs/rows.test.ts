import type { Run } from '@tidewheel/contract/run';
import { expect, test } from 'vitest';
import { reasonFirst, stepWithRows } from './rows.ts';

test('why a row was rejected comes before the row', () => {
  const table = { columns: ['a', '_reason', 'b', '_step'].map((name) => ({ name, type: 'VARCHAR' })), rows: [[1, 'bad', 2, 'checks']] };
  expect(reasonFirst(table)).toEqual({ columns: ['_reason', '_step', 'a', 'b'].map((name) => ({ name, type: 'VARCHAR' })), rows: [['bad', 'checks', 1, 2]] });
});
test('the rejected rows of the first step that has some, else the last rows there are', () => {
  const step = (name: string, rejected: number | null) => ({
    step: name,
    hasPreview: true,
    table: null,
    rejected: rejected === null ? null : { rows: rejected },
  });
  const run = { steps: [step('a', 0), step('b', 2), step('c', null)] } as unknown as Run;
  expect(stepWithRows(run, 'rejected')?.step).toBe('b');
  expect(stepWithRows(run, undefined)?.step).toBe('c');
});
