import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinBundle, splitBundle } from './bundle-text.ts';

const line = fc.constantFrom('flow: a', 'title: b', '# remark', '', '  --- no marker', '---x', 'steps: {}', "text: '---'");
const plain = fc.array(line, { maxLength: 6 }).map((lines) => `${['flow: a', ...lines].join('\n')}\n`);
const texts = fc.oneof(
  plain,
  plain.map((text) => `# before\n${text}`),
  plain.map((text) => `---\n${text}`),
  plain.map((text) => `# before\n%YAML 1.2\n--- # marked\n${text}`),
);

it('gives every text back as it was, and where it began', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (sources) => {
      const bundle = joinBundle(sources);
      const found = splitBundle(bundle);
      expect(found.map(({ source }) => source)).toEqual(sources);
      const lines = bundle.split('\n');
      for (const { line: at, source } of found) expect(lines[at - 1]).toBe(source.split('\n')[0]);
    }),
  );
});

it('leaves out what is empty and takes what people write', () => {
  expect(splitBundle('')).toEqual([]);
  expect(splitBundle('# nothing\n---\n---\n# more\n...\n')).toEqual([]);
  expect(splitBundle('flow: a\n--- # second\nflow: b\n---\n\nflow: c')).toEqual([
    { line: 1, source: 'flow: a\n' },
    { line: 2, source: '--- # second\nflow: b\n' },
    { line: 5, source: '\nflow: c' },
  ]);
  expect(splitBundle('--- {flow: a}\n--- {flow: b}\n').map(({ source }) => source.trim())).toEqual(['--- {flow: a}', '--- {flow: b}']);
  expect(splitBundle('flow: a\r\n---\r\nflow: b\r\n').map(({ line }) => line)).toEqual([1, 3]);
});
