// Flow documents that are wrong in every way: each fault is named by path and line, in the API and in the command line, and nothing is saved.

import { faultsOf } from '@tidewheel/client/problem-error';
import { validateFlow } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, type Product, readingFlow, startProduct } from './product.ts';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const head = 'flow: broken\ntitle: Broken\n';
const read = 'use: table.read, with: { connection: inbox, path: a.csv, format: csv }';

/** The document, what a fault must say, and the line that the command line must name. */
const documents: [string, string, RegExp, number?][] = [
  ['no YAML at all', 'flow: [unclosed', /./, 1],
  ['a tab for indentation', `${head}steps:\n\ta: {}\n`, /tab/i, 4],
  ['a text instead of a document', 'just words', /./],
  ['an empty file', '', /./],
  ['a key twice', `${head}title: Again\nsteps: { a: { ${read} } }\n`, /unique|twice|duplicate/i, 3],
  ['a key that there is not', `${head}stepps: {}\nsteps: { a: { ${read} } }\n`, /stepps/, 3],
  ['no steps', `${head}steps: {}\n`, /at least one step/],
  ['a name that is none', `flow: Not A Slug\ntitle: X\nsteps: { a: { ${read} } }\n`, /flow.*a-z/s, 1],
  [
    'an unknown step type, with the one that was meant',
    `${head}steps:\n  a: { ${read} }\n  b: { use: table.fliter, from: a, with: { where: x > 1 } }\n`,
    /steps\.b\.use.*table\.fliter.*table\.filter/s,
    5,
  ],
  [
    'a step that comes from nowhere',
    `${head}steps:\n  a: { ${read} }\n  b: { use: table.filter, from: c, with: { where: x > 1 } }\n`,
    /steps\.b\.from.*"?c"?/s,
    5,
  ],
  [
    'a cycle',
    `${head}steps:\n  a: { use: table.filter, from: b, with: { where: x > 1 } }\n  b: { use: table.filter, from: a, with: { where: x > 1 } }\n`,
    /waits for itself: steps\.a -> steps\.b -> steps\.a/,
  ],
  ['a step after itself', `${head}steps:\n  a: { ${read}, after: a }\n`, /itself/],
  ['a setting that is missing', `${head}steps:\n  a: { ${read} }\n  b: { use: table.filter, from: a, with: {} }\n`, /steps\.b\.with\.where/],
  [
    'a setting that there is not',
    `${head}steps:\n  a: { ${read} }\n  b: { use: table.filter, from: a, with: { where: x > 1, wher: 1 } }\n`,
    /steps\.b\.with.*wher/s,
    5,
  ],
  ['an expression that is no CEL', `${head}steps:\n  a: { ${read}, when: "1 +" }\n`, /steps\.a\.when/],
  ['a duration that is none', `${head}steps:\n  a: { ${read}, timeout: soon }\n`, /steps\.a\.timeout.*duration/s, 4],
  ['an unknown time zone', `${head}timeZone: Mars/Olympus\nsteps: { a: { ${read} } }\n`, /timeZone.*Mars\/Olympus/s, 3],
  ['characters that no database keeps', `${head}description: "a\\0b"\nsteps: { a: { ${read} } }\n`, /description|control|NUL|\\0/i],
  [
    'aliases that grow to gigabytes',
    `${head}a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nsteps: *e\n`,
    /./,
  ],
  ['nesting without end', `${head}steps: ${'['.repeat(50_000)}`, /./],
];

test.each(documents)('%s', async (_what, source, expected, line) => {
  const answer = await product.client.call(validateFlow, { body: { source } });
  const faults = answer.faults.map((fault) => `${fault.path}: ${fault.message} ${fault.hint ?? ''}`).join('\n');
  expect(answer.valid).toBe(false);
  expect(faults).toMatch(expected);
  const error = await apply(product.client, source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ status: 400 });
  expect(faultsOf(error as AppError).length).toBeGreaterThan(0);

  const told = await product.shell.tidewheel(['flow', 'apply', '-'], { stdin: source });
  expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(expected) });
  if (line !== undefined) expect(told.stderr).toContain(`<stdin>:${line} `);
  const asJson = await product.shell.tidewheel(['flow', 'validate', '-', '--json'], { stdin: source });
  expect(asJson.code).toBe(2);
  expect(asJson.json<{ valid: boolean }>().valid).toBe(false);
});

test('all faults are named at once', async () => {
  const source = `${head}steps:\n  a: { use: table.raed }\n  b: { use: table.filter, from: nowhere, with: {} }\n`;
  const told = await product.shell.tidewheel(['flow', 'validate', '-'], { stdin: source });
  for (const expected of ['steps.a.use', 'steps.b.from', 'steps.b.with.where']) expect(told.stderr).toContain(expected);
});

test('a document that is too large is refused, not read', async () => {
  const source = `${head}steps: { a: { ${read} } }\n# ${'x'.repeat(3_000_000)}`;
  await expect(apply(product.client, source)).rejects.toMatchObject({ status: expect.toSatisfy((status: number) => status === 400 || status === 413) });
  expect(await product.shell.tidewheel(['flow', 'apply', '-'], { stdin: source })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/large|2,?000,?000|characters/i),
  });
});

test('more steps than a flow may have', async () => {
  const steps = Array.from({ length: 5_001 }, (_, index) => `  s${index}: { ${read} }`).join('\n');
  await expect(apply(product.client, `${head}steps:\n${steps}\n`)).rejects.toMatchObject({ status: 400 });
});

test('requests that are no documents at all get a problem, never a 500', async () => {
  const { origin, token } = product.client;
  const send = (init: RequestInit) =>
    fetch(`${origin}/api/flows`, {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
    });
  const answers = await Promise.all([
    send({ body: '{' }),
    send({ body: '[]' }),
    send({ body: '{"source":1}' }),
    send({ body: 'x', headers: { 'content-type': 'text/plain' } }),
    send({}),
    send({ body: Buffer.from([0xff, 0xfe, 0]) }),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

test('nothing of it was saved, and a good document is applied', async () => {
  expect(await product.shell.tidewheel(['flow', 'show', 'broken'])).toMatchObject({ code: 5 });
  expect(await product.shell.tidewheel(['flow', 'apply', '-'], { stdin: readingFlow('good', 'path: a.csv, format: csv') })).toMatchObject({ code: 0 });
});
