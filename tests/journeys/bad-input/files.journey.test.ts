// Files that are not what they should be: the run says which file and what is wrong, or keeps the bad rows with their reason; a good one runs after.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { showTable } from '@tidewheel/client/routes';
import type { Run } from '@tidewheel/contract/run';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Product, readingFlow, runFlow, start, startProduct, untilEnded } from './product.ts';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
  await writeFile(inbox('good.csv'), 'id,amount\n1,10.5\n2,20\n');
});
afterAll(() => product?.stop());
// Whatever the fault was: what was right before runs as before.
afterEach(async () => {
  const run = await runFlow(product.client, 'good', readingFlow('good', 'path: good.csv, format: csv'));
  expect(run).toMatchObject({ state: 'succeeded', rowsOut: 2, rejected: 0 });
});

function inbox(name: string): string {
  return path.join(product.inbox, name);
}
async function failed(slug: string, read: string): Promise<Run> {
  const run = await runFlow(product.client, slug, readingFlow(slug, read));
  expect(run.state, JSON.stringify(run.steps.map(({ step, state, error }) => ({ step, state, error })))).toBe('failed');
  expect(run.error?.code).not.toMatch(/^bug/);
  expect(run.steps.find(({ step }) => step === 'rows')).toMatchObject({ state: 'failed', error: { message: expect.any(String) } });
  return run;
}
/** What a person at a terminal is told of a run that fails. */
async function toldOf(slug: string): Promise<string> {
  const outcome = await product.shell.tidewheel(['run', 'start', slug, '--watch']);
  expect(outcome.code).toBe(1);
  return outcome.stdout + outcome.stderr;
}

test('a file that is not there', async () => {
  const run = await failed('missing', 'path: not-there.csv, format: csv');
  expect(run.error).toMatchObject({ retryable: false, message: expect.stringContaining('not-there.csv'), hint: expect.any(String) });
  expect(await toldOf('missing')).toContain('not-there.csv');
});

test('a folder where a file should be, and ways out of the folder', async () => {
  await mkdir(inbox('sub'), { recursive: true });
  await symlink('/etc/passwd', inbox('passwd.csv'));
  for (const [slug, file] of [
    ['a-folder', 'sub'],
    ['upwards', '../../cli-token.json'],
    ['absolute', '/etc/passwd'],
    ['a-link', 'passwd.csv'],
  ] as const) {
    const run = await failed(slug, `path: ${file}, format: csv`);
    expect(JSON.stringify(run)).not.toContain('root:x:0:0');
  }
});

test('an empty file', async () => {
  await writeFile(inbox('empty.csv'), '');
  const run = await failed('empty', 'path: empty.csv, format: csv');
  expect(run.error?.message).toMatch(/empty/i);
});

test('ragged rows and values of another type are kept with their reason and counted; the rest gets through', async () => {
  await writeFile(inbox('ragged.csv'), 'id,amount,day\n1,10.5,2026-01-01\n2,20\n3,30,2026-01-03,extra\n4,forty,2026-01-04\n5,50,2026-01-05\n');
  const run = await runFlow(
    product.client,
    'ragged',
    readingFlow('ragged', 'path: ragged.csv, format: csv, csv: { types: { id: INTEGER, amount: "DECIMAL(9,2)", day: DATE } }'),
  );
  expect(run).toMatchObject({ state: 'succeeded', rowsIn: 5, rowsOut: 2, rejected: 3 });
  const rejected = await product.client.call(showTable, { params: { id: run.id, step: 'rows' }, query: { which: 'rejected' } });
  expect(rejected.total).toBe(3);
  const reason = rejected.columns.findIndex(({ name }) => name === '_reason');
  expect(rejected.rows.every((row) => typeof row[reason] === 'string' && row[reason] !== '')).toBe(true);
  expect(JSON.stringify(rejected.rows)).toContain('forty');
  const told = await product.shell.tidewheel(['run', 'show', String(run.number)]);
  expect(told.stdout).toMatch(/3 rejected/);
});

test('with onRowError: fail the first bad row stops the run and is named', async () => {
  await failed('strict', 'path: ragged.csv, format: csv, onRowError: fail, csv: { types: { id: INTEGER, amount: "DECIMAL(9,2)", day: DATE } }');
  expect(await toldOf('strict')).toMatch(/line 3|row 2|2,20|columns/i);
});

test('another encoding than declared: no character is guessed; the right declaration reads it', async () => {
  await writeFile(inbox('latin1.csv'), Buffer.from('name,city\nJosé,Münster\nAnna,Rom\n', 'latin1'));
  const wrong = await runFlow(product.client, 'wrong-encoding', readingFlow('wrong-encoding', 'path: latin1.csv, format: csv'));
  expect(wrong).toMatchObject({ state: 'succeeded', rowsIn: 2, rejected: 1, rowsOut: 1 });
  const rejected = await product.client.call(showTable, { params: { id: wrong.id, step: 'rows' }, query: { which: 'rejected' } });
  expect(JSON.stringify(rejected.rows)).toMatch(/UTF-8/);
  const right = await runFlow(product.client, 'right-encoding', readingFlow('right-encoding', 'path: latin1.csv, format: csv, csv: { encoding: latin-1 }'));
  expect(right).toMatchObject({ state: 'succeeded', rowsOut: 2, rejected: 0 });
  const fetched = await product.shell.tidewheel(['artifact', 'download', 'out.csv', '--run', right.id, '--output', '-']);
  expect(fetched.stdout).toContain('José,Münster');
});

test('UTF-16 and a byte order mark', async () => {
  await writeFile(inbox('utf16.csv'), Buffer.from('\ufeffname,n\nÅse,1\n', 'utf16le'));
  const declared = await runFlow(product.client, 'utf16', readingFlow('utf16', 'path: utf16.csv, format: csv, csv: { encoding: utf-16 }'));
  expect(declared).toMatchObject({ state: 'succeeded', rowsOut: 1 });
  await writeFile(inbox('bom.csv'), '\ufeffname,n\nÅse,1\n');
  const bom = await runFlow(product.client, 'bom', readingFlow('bom', 'path: bom.csv, format: csv'));
  expect(bom).toMatchObject({ state: 'succeeded', rowsOut: 1 });
  const fetched = await product.shell.tidewheel(['artifact', 'download', 'out.csv', '--run', bom.id, '--output', '-']);
  expect(fetched.stdout).toBe('name,n\nÅse,1\n');
});

test('a Parquet file cut in half, and one that is none', async () => {
  const whole = await readFile(path.join(product.server.dataFolder, 'demo', 'flights-3m.parquet'));
  await writeFile(inbox('half.parquet'), whole.subarray(0, whole.length / 2));
  await writeFile(inbox('text.parquet'), 'this is text');
  for (const [slug, name] of [
    ['half', 'half.parquet'],
    ['no-parquet', 'text.parquet'],
  ] as const) {
    const run = await failed(slug, `path: ${name}, format: parquet`);
    expect(run.error?.message).toMatch(/parquet/i);
    expect(await toldOf(slug)).toContain(name);
  }
});

test('JSON that breaks off', async () => {
  await writeFile(inbox('broken.json'), '[{"a":1},{"a":2');
  const run = await failed('broken-json', 'path: broken.json, format: json');
  expect(run.error?.message).toMatch(/json/i);
});

test('a line of 1 GB is refused in bounded memory', async () => {
  const file = inbox('long.csv');
  await writeFile(file, 'id,text\n1,short\n2,');
  // The rest is a hole of zeros: 1 GB to read, nothing on disk.
  await truncate(file, 1_000_000_000);
  let peak = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, ...residentKilobytes());
  }, 100);
  const run = await failed('long-line', 'path: long.csv, format: csv');
  clearInterval(watching);
  expect(run.error).toMatchObject({ code: 'table.line_too_long', message: expect.stringContaining('2 MB'), hint: expect.any(String) });
  expect(peak).toBeGreaterThan(10_000);
  expect(peak).toBeLessThan(1_000_000);
  expect(await toldOf('long-line')).toContain('too long');
});

/** Of each process of the server, which has a session of its own. */
function residentKilobytes(): number[] {
  const text = execFileSync('ps', ['-o', 'rss=', '-g', String(product.server.pid)], { encoding: 'utf8' });
  return text.trim().split(/\s+/).map(Number);
}

test('a quote that never closes is named; NUL bytes get through', async () => {
  await writeFile(inbox('quote.csv'), `id,text\n1,"never closed\n${'2,b\n'.repeat(1_000)}`);
  const quote = await failed('quote', 'path: quote.csv, format: csv');
  expect(quote.error?.hint).toMatch(/quotes/);
  await writeFile(inbox('nul.csv'), 'id,text\n1,a\u0000b\n2,c\n');
  const nul = await runFlow(product.client, 'nul', readingFlow('nul', 'path: nul.csv, format: csv'));
  expect(nul).toMatchObject({ state: 'succeeded', rowsIn: 2, rowsOut: 2 });
});

test('many files at once keep their faults apart', async () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => `${index},${index % 10 === 0 ? 'x' : index}`);
  await writeFile(inbox('many.csv'), `id,amount\n${rows.join('\n')}\n`);
  await runFlow(product.client, 'many', readingFlow('many', 'path: many.csv, format: csv, csv: { types: { id: INTEGER, amount: INTEGER } }'));
  const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => start(product.client, index % 2 ? 'many' : 'missing')));
  const runs = await Promise.all(ids.map((id) => untilEnded(product.client, id)));
  expect(runs.map(({ state, rejected }) => [state, rejected])).toEqual(ids.map((_, index) => (index % 2 ? ['succeeded', 100] : ['failed', 0])));
});
