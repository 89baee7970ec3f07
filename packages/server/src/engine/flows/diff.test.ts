import { type FlowDiff, isSameFlow, type TextDiff } from '@tidewheel/contract/flow-diff';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDocuments } from './diff-documents.ts';
import { diffText } from './diff-text.ts';

const steps = {
  trades: { use: 'table.read', with: { connection: 'inbox', options: { skip: 1 } } },
  big: { use: 'table.filter', from: 'trades', with: { where: 'price > 0' } },
  file: { use: 'table.write', from: 'big', with: { format: 'csv' } },
};
const document = (more: object = {}) => FlowDocument.parse({ flow: 'a', title: 'A', steps, ...more });
const diff = (more: object): FlowDiff => diffDocuments(document(), document(more));

describe('the meaning of two documents', () => {
  it('tells what became of the head and of the parameters', () => {
    const before = document({ timeout: '1h', parameters: { day: { type: 'date' }, least: { type: 'number', default: 0 } } });
    const after = document({ title: 'B', parameters: { least: { type: 'number', default: 5, minimum: 1 }, top: { type: 'integer' } } });
    expect(diffDocuments(before, after)).toEqual({
      document: [
        { path: 'title', kind: 'changed', before: 'A', after: 'B' },
        { path: 'timeout', kind: 'removed', before: '1h' },
      ],
      parameters: [
        {
          kind: 'changed',
          name: 'least',
          changes: [
            { path: 'default', kind: 'changed', before: 0, after: 5 },
            { path: 'minimum', kind: 'added', after: 1 },
          ],
        },
        { kind: 'added', name: 'top', changes: [{ path: 'type', kind: 'added', after: 'integer' }] },
        { kind: 'removed', name: 'day', changes: [{ path: 'type', kind: 'removed', before: 'date' }] },
      ],
      steps: [],
    });
  });

  it('tells a changed configuration by its keys, and edges', () => {
    const changed = {
      ...steps,
      trades: { use: 'table.read', with: { connection: 'outbox', options: { skip: 2 }, path: 'a.csv' } },
      file: { ...steps.file, from: 'trades', after: ['big'], retry: { attempts: 3 } },
    };
    expect(diff({ steps: changed }).steps).toEqual([
      {
        kind: 'changed',
        step: 'trades',
        was: null,
        use: 'table.read',
        edges: [],
        changes: [
          { path: 'with.connection', kind: 'changed', before: 'inbox', after: 'outbox' },
          { path: 'with.options.skip', kind: 'changed', before: 1, after: 2 },
          { path: 'with.path', kind: 'added', after: 'a.csv' },
        ],
      },
      {
        kind: 'changed',
        step: 'file',
        was: null,
        use: 'table.write',
        changes: [{ path: 'retry', kind: 'added', after: { attempts: 3, delay: '1s', factor: 2, maxDelay: '5m', jitter: 0.2 } }],
        edges: [
          { kind: 'removed', as: 'from', input: 'input', step: 'big' },
          { kind: 'added', as: 'from', input: 'input', step: 'trades' },
          { kind: 'added', as: 'after', input: null, step: 'big' },
        ],
      },
    ]);
  });

  it('sees a renamed chain as renamed, and nothing in what refers to it', () => {
    const renamed = { deals: steps.trades, large: { ...steps.big, from: 'deals' }, file: { ...steps.file, from: 'large' } };
    expect(diff({ steps: renamed }).steps.map(({ kind, was, step }) => [kind, was, step])).toEqual([
      ['renamed', 'trades', 'deals'],
      ['renamed', 'big', 'large'],
    ]);
  });

  it('compares steps inside others like all: changed, moved, renamed with their group', () => {
    const group = (steps: object, more: object = {}) => ({ ...more, group: { use: 'flow.steps', steps } });
    const inner = { one: { use: 'x', with: { n: 1 } }, two: { use: 'x', after: 'one', with: { n: 2 } } };
    const told = (before: object, after: object) =>
      diffDocuments(FlowDocument.parse({ flow: 'a', title: 'A', steps: before }), FlowDocument.parse({ flow: 'a', title: 'A', steps: after })).steps.map(
        ({ kind, step, was, changes }) => [kind, step, was, ...changes.map(({ path }) => path)],
      );
    expect(told(group(inner), group({ ...inner, two: { ...inner.two, with: { n: 3 } } }))).toEqual([['changed', 'two', null, 'with.n']]);
    expect(told(group(inner), group({ two: inner.two }, { one: inner.one }))).toEqual([['changed', 'one', null, 'inside']]);
    expect(told(group(inner), { crowd: { use: 'flow.steps', steps: inner } })).toEqual([['renamed', 'crowd', 'group']]);
    expect(told(group(inner), group({ one: inner.one, second: inner.two }))).toEqual([['renamed', 'second', 'two']]);
  });

  it('takes another content under another id for another step', () => {
    const swapped = { trades: steps.trades, least: { ...steps.big, with: { where: 'price > 1' } }, file: { ...steps.file, from: 'least' } };
    expect(diff({ steps: swapped }).steps.map(({ kind, step }) => [kind, step])).toEqual([
      ['added', 'least'],
      ['changed', 'file'],
      ['removed', 'big'],
    ]);
  });

  it('knows 5,000 renamed steps again in the worst order', () => {
    const chain = (prefix: string) =>
      FlowDocument.parse({
        flow: 'a',
        title: 'A',
        steps: Object.fromEntries(
          Array.from({ length: 5_000 }, (_, at) => [`${prefix}${4_999 - at}`, at === 4_999 ? { use: 'x' } : { use: 'x', from: `${prefix}${4_998 - at}` }]),
        ),
      });
    expect(diffDocuments(chain('a'), chain('b')).steps.every(({ kind }) => kind === 'renamed')).toBe(true);
  });
});

const word = fc.constantFrom('one', 'two', 'three', 'four');
const value = fc.oneof(
  word,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 3 }),
  fc.dictionary(word, fc.integer(), { maxKeys: 2 }),
);
const flows = fc
  .array(fc.record({ use: word, with: fc.dictionary(word, value, { maxKeys: 3 }), from: fc.nat(), linked: fc.boolean() }), { minLength: 1, maxLength: 8 })
  .map((all) =>
    document({
      steps: Object.fromEntries(
        all.map(({ use, with: config, from, linked }, at) => [`s${at}`, { use, with: config, ...(linked && at > 0 ? { from: `s${from % at}` } : {}) }]),
      ),
    }),
  );
const pick = (names: string[], at: number): string => names[at % names.length] as string;

describe('any document', () => {
  it('equals itself', () => {
    fc.assert(fc.property(flows, (one) => isSameFlow(diffDocuments(one, structuredClone(one)))));
  });

  it('with a step more, less, changed or renamed tells that and nothing else', () => {
    const kinds = ['added', 'removed', 'changed', 'renamed'] as const;
    fc.assert(
      fc.property(flows, fc.constantFrom(...kinds), fc.nat(), (one, kind, at) => {
        const [other, name] = edited(one, { kind, at });
        const [before, after] = kind === 'removed' ? [other, one] : [one, other];
        expect(diffDocuments(before, after).steps.map((change) => [change.kind, change.step])).toEqual([[kind, name]]);
      }),
    );
  });
});

/** @returns a document that is one edit away; for `removed`, one that has a step more */
function edited(one: FlowDocument, { kind, at }: { kind: string; at: number }): [FlowDocument, string] {
  const id = pick(Object.keys(one.steps), at);
  const copy = structuredClone(one);
  if (kind === 'added' || kind === 'removed') return [{ ...copy, steps: { ...copy.steps, extra: { use: 'unheard.of', with: {} } } }, 'extra'];
  if (kind === 'changed') {
    (copy.steps[id] as { with: object }).with = { ...copy.steps[id]?.with, unheard: { of: 1 } };
    return [copy, id];
  }
  const text = JSON.stringify(copy).replaceAll(`"${id}"`, '"renamed"');
  return [JSON.parse(text) as FlowDocument, 'renamed'];
}

/** The newer text, from the older one and the hunks. */
function applied(before: string[], { hunks }: TextDiff): string[] {
  const made: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    while (at < hunk.before - 1) made.push(before[at++] as string);
    expect(made.length).toBe(hunk.after - 1);
    for (const { kind, text } of hunk.lines) {
      if (kind !== 'added') expect(before[at++]).toBe(text);
      if (kind !== 'removed') made.push(text);
    }
  }
  return [...made, ...before.slice(at)];
}

describe('two texts', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', '  d'), { maxLength: 40 });
  it('give hunks that make one out of the other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const found = diffText(before.map((line) => `${line}\n`).join(''), after.map((line) => `${line}\n`).join(''));
        expect(applied(before, found)).toEqual(after);
        if (before.join() === after.join()) expect(found).toEqual({ added: 0, removed: 0, hunks: [] });
      }),
    );
  });

  it('are told with the fewest lines, and three around them', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n';
    expect(diffText(before, before.replace('e\n', 'E\nE2\n'))).toEqual({
      added: 2,
      removed: 1,
      hunks: [
        {
          before: 2,
          after: 2,
          lines: [
            ...['b', 'c', 'd'].map((text) => ({ kind: 'same', text })),
            { kind: 'removed', text: 'e' },
            ...['E', 'E2'].map((text) => ({ kind: 'added', text })),
            ...['f', 'g', 'h'].map((text) => ({ kind: 'same', text })),
          ],
        },
      ],
    });
  });

  it('that have nothing in common are one taken out and the other put in', () => {
    const long = (sign: string) => Array.from({ length: 40_000 }, (_, at) => `${sign}${at}\n`).join('');
    expect(diffText(long('a'), long('b'))).toMatchObject({ added: 40_000, removed: 40_000 });
  });
});
