import { runStep } from '@tidewheel/kit/harness';
import type { Row } from '@tidewheel/kit/step-context';
import { expect, test } from 'vitest';
import { textReport } from './text.step.ts';

const rows: Row[] = [
  { isin: 'FR0000121014', price: '261.605' },
  { isin: 'DE0007164600', price: '100.10' },
];
async function textOf(template: string, options: Parameters<typeof runStep>[2] = { inputs: { input: { rows } } }): Promise<string> {
  await using outcome = await runStep(textReport, { fileName: 'a.txt', template }, options);
  return outcome.result.files?.[0] ? (await outcome.content(outcome.result.files[0])).toString() : '';
}

test('rows, parameters and the frozen clock', async () => {
  const text = await textOf('{{ today }} {{ parameters.desk }} #{{ run.number }}\n{% for row in rows %}{{ row.isin }} {{ row.price }}\n{% endfor %}', {
    inputs: { input: { rows } },
    parameters: { desk: 'é' },
  });
  expect(text).toBe('2026-11-18 é #1\nFR0000121014 261.605\nDE0007164600 100.10\n');
});

test('several inputs by name, and a value', async () => {
  expect(
    await textOf('{{ tables.a.size }} {{ tables.b[0].isin }} {{ values.c.count }}', { inputs: { a: { rows }, b: { rows }, c: { value: { count: 7 } } } }),
  ).toBe('2 FR0000121014 7');
});

test.each([
  ['an unknown name', '{{ nowhere }}', /undefined variable: nowhere/],
  ['the prototype', '{{ parameters.constructor }}', /undefined variable/],
  ['a file', "{% render '/etc/passwd' %}", /Failed to lookup|ENOENT|not found/i],
  ['an include', "{% include 'package.json' %}", /Failed to lookup|ENOENT|not found/i],
])('%s is refused', async (_what, template, message) => {
  await expect(textOf(template)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(message) });
});

test('faults of the template are seen before it runs', () => {
  const check = (template: string) => textReport.check?.({ template, fileName: 'a', mediaType: 'text/plain', maxRows: 1 });
  expect(check('{% for row in rows %}')).toMatchObject([{ path: 'template', message: expect.stringContaining('not closed') }]);
  expect(check('{{ a | nofilter }}')).toMatchObject([{ message: expect.stringContaining('undefined filter: nofilter') }]);
  expect(check('{{ a }}')).toEqual([]);
});

test('a template that would work for hours is ended', async () => {
  const template = '{% for a in (1..100000) %}{% for b in (1..100000) %}{% for c in (1..100000) %}x{% endfor %}{% endfor %}{% endfor %}';
  await expect(textOf(template)).rejects.toMatchObject({ code: 'report.template', message: expect.stringMatching(/limit|longer than/) });
});

test('more rows than allowed are refused before they are read', async () => {
  await expect(runStep(textReport, { fileName: 'a', template: 'x', maxRows: 1 }, { inputs: { input: { rows } } })).rejects.toMatchObject({
    code: 'report.rows',
    status: 413,
  });
});
