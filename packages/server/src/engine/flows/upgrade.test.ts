import { FlowDocument } from '@tidewheel/contract/flow-document';
import { defineStep } from '@tidewheel/kit/define-step';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { stepVersionsOf, upgradeDocument } from './upgrade.ts';

const type = (version: number) =>
  defineStep({
    type: 'test.copy',
    version,
    ui: { title: 'Copy', group: 'Test', icon: 'copy', summary: 'copy' },
    description: 'For tests.',
    config: z.object({ target: z.string() }),
    inputs: { min: 0, max: 0, carries: 'none' },
    produces: 'none',
    examples: [],
    upgrade: (config, from) => (from === 1 ? { target: config['to'] } : config),
    run: async () => ({}),
  });
const types = (version: number) => new Map([['test.copy', type(version)]]);
const document = FlowDocument.parse({ flow: 'f', title: 'F', steps: { a: { use: 'test.copy', with: { to: 'x' } } } });

test('an old configuration is brought up, the stored document stays as it was', () => {
  expect(stepVersionsOf(document, types(1))).toEqual({ 'test.copy': 1 });
  const upgraded = upgradeDocument({ document, saved: { 'test.copy': 1 }, types: types(2) });
  expect(upgraded.steps['a']?.with).toEqual({ target: 'x' });
  expect(document.steps['a']?.with).toEqual({ to: 'x' });
});

test('those inside others and those that undo are brought up too', () => {
  const copy = { use: 'test.copy', with: { to: 'x' } };
  const steps = { group: { use: 'flow.steps', steps: { inner: { ...copy, undo: copy } } } };
  const nested = FlowDocument.parse({ flow: 'f', title: 'F', steps });
  expect(stepVersionsOf(nested, types(1))).toEqual({ 'flow.steps': 1, 'test.copy': 1 });
  const upgraded = upgradeDocument({ document: nested, saved: { 'test.copy': 1 }, types: types(2) });
  expect(upgraded.steps['group']?.steps?.['inner']).toMatchObject({ with: { target: 'x' }, undo: { with: { target: 'x' } } });
});

test('nothing to bring up gives the same document', () => {
  expect(upgradeDocument({ document, saved: { 'test.copy': 2 }, types: types(2) })).toBe(document);
});

test('a document from a newer installation is refused with the versions', () => {
  expect(() => upgradeDocument({ document, saved: { 'test.copy': 3 }, types: types(2) })).toThrow('version 3 of test.copy; this installation has version 2');
});
