import { FlowDocument } from '@tidewheel/contract/flow-document';
import { expect, test } from 'vitest';
import { stepsOfRun } from './run-document.ts';

const document = FlowDocument.parse({
  flow: 'f',
  title: 'F',
  steps: {
    list: { use: 'flow.value' },
    work: { use: 'flow.value', after: 'list', each: { over: '[1]' } },
    group: { use: 'flow.steps', after: 'list', steps: { one: { use: 'flow.value' }, two: { use: 'flow.value', after: 'one' } } },
  },
});
const below = { run: 'r', step: 'x', item: 0, value: null };
const run = (ids: string[], parent: typeof below | null = below) => ({ parent, steps: ids.map((step) => ({ step })) }) as Parameters<typeof stepsOfRun>[1];

test('the outermost run shows all, an item its step alone, a group what is inside it', () => {
  expect(Object.keys(stepsOfRun(document, run(['list', 'work', 'group'], null)) ?? {})).toEqual(['list', 'work', 'group']);
  expect(stepsOfRun(document, run(['work']))).toEqual({ work: { use: 'flow.value', with: {} } });
  expect(stepsOfRun(document, run(['one', 'two', 'two.undo']))).toMatchObject({ one: {}, two: { after: 'one' } });
});
test('steps made while it ran are in no document', () => expect(stepsOfRun(document, run(['made']))).toBeNull());
