// Every example of docs/flow-document.md is a flow that could be saved.
import { readFileSync } from 'node:fs';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { stepTypes } from '@tidewheel/steps/index';
import { expect, test } from 'vitest';
import { validateFlow } from './validate.ts';

const guide = readFileSync(new URL('../../../../../docs/flow-document.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);
const other = (flow: string, parameter: string) =>
  FlowDocument.parse({
    flow,
    title: flow,
    parameters: { [parameter]: { type: 'string' } },
    steps: { a: { use: 'flow.value' } },
    outputs: { rows: { value: '1' } },
  });
const flows = [other('load-prices', 'desk'), other('ask-host', 'host')].map((document) => ({ slug: document.flow, document, mayRun: true }));
const surroundings = {
  types: new Map(stepTypes.map((type) => [type.type, type])),
  tableEngine: { check: async () => [] },
  targets: [],
  connections: ['inbox', 'outbox'].map((slug) => ({ slug, type: 'folder' })),
  files: [],
  flows: { find: async (slugs: readonly string[]) => flows.filter(({ slug }) => slugs.includes(slug)), names: async () => [] },
};

test('there are examples of every part', () => expect(examples.length).toBeGreaterThanOrEqual(9));

test.each(examples.map((text) => [text.split('\n', 1)[0] === 'steps:' ? text.split('\n', 2)[1]?.trim() : text.split('\n', 1)[0], text]))(
  '%s …',
  async (_, text) => {
    const head = text.startsWith('flow:') ? '' : 'flow: example\ntitle: Example\n';
    const foot = /^steps:/m.test(text) ? '' : 'steps: { a: { use: flow.value, with: { value: "1" } } }\n';
    const { document, faults } = await validateFlow(`${head}${text}${foot}`, surroundings);
    expect(faults).toEqual([]);
    expect(document).not.toBeNull();
  },
);
