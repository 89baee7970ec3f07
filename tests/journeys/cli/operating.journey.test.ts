// Operating runs from the shell: pause and resume, run again from where it failed, dry runs and test data.
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, type Product, startProduct } from '../bad-input/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  await apply(
    product.client,
    `flow: prices
title: Prices
parameters:
  least: { type: integer, default: 1 }
steps:
  rows:
    use: table.read
    with: { file: missing, format: csv, csv: { types: { price: BIGINT } } }
  big:
    use: table.filter
    from: rows
    with: { where: 'price > :least' }
  file:
    use: table.write
    from: big
    with: { format: csv, name: prices.csv }
  send:
    use: deliver.folder
    from: file
    with: { connection: inbox, path: prices }
  wait:
    use: flow.signal
    after: send
    with: { name: go }
`,
  );
});
afterAll(() => product?.stop());
const run = (...args: string[]) => product.shell.tidewheel(args);
const settled = async (step: string, state: string) =>
  expect
    .poll(
      async () =>
        (await run('run', 'show', 'latest', '--json')).json<{ steps: { step: string; state: string }[] }>().steps.find((one) => one.step === step)?.state,
    )
    .toBe(state);

test('a dry run on test data writes nothing, is paused, resumed and told so', async () => {
  const before = await readdir(product.inbox);
  await writeFile(path.join(product.shell.folder, 'rows.csv'), 'isin,price\nA,1\nB,5\n');
  const started = await run('run', 'start', 'prices', '--test-data', 'rows=rows.csv', '--priority', '5', '--deadline', '10m', '--json');
  expect(started.json()).toMatchObject({ mode: 'dry', state: 'queued' });
  await settled('wait', 'waiting');
  expect(await readdir(product.inbox)).toEqual(before);
  expect((await run('run', 'logs', 'latest')).stdout).toContain('Dry run: would deliver prices/prices.csv');
  expect((await run('run', 'pause', 'latest')).stdout).toContain('is paused');
  expect((await run('run', 'show', 'latest')).stdout).toMatch(/State .*paused[\s\S]*Priority +5\s+Deadline +20/);
  expect(await run('run', 'resume', 'latest')).toMatchObject({ code: 0 });
  expect(await run('run', 'resume', 'latest')).toMatchObject({ code: 6 });
  expect(await run('run', 'cancel', 'latest', '--wait')).toMatchObject({ code: 1 });
  expect(await run('run', 'start', 'prices', '--test-data', 'nowhere=rows.csv')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has no step nowhere'),
  });
});

test('a dry run of the demo report makes its files and delivers none of them', async () => {
  const everything = async () => (await readdir(path.join(product.server.dataFolder, 'files'), { recursive: true })).sort();
  const before = await everything();
  const started = await run('run', 'start', 'mifir-daily', '--dry-run', '--json');
  expect(await run('run', 'watch', String(started.json<{ number: number }>().number))).toMatchObject({ code: 0 });
  expect(await everything()).toEqual(before);
  const { id } = started.json<{ id: string }>();
  expect((await run('delivery', 'list', '--run', id, '--json')).json()).toEqual([]);
  expect((await run('artifact', 'list', '--run', id, '--json')).json<object[]>().length).toBeGreaterThan(0);
  expect((await run('artifact', 'list', '--json')).json<{ run: string }[]>().filter((artifact) => artifact.run === id)).toEqual([]);
  expect((await run('run', 'logs', id)).stdout).toContain('Dry run: would deliver');
});

test('it is run again from where it stood, from a step, with another parameter, each told before', async () => {
  const [{ number }] = (await run('run', 'list', '--flow', 'prices', '--limit', '1', '--json')).json<[{ number: number }]>();
  const preview = await run('run', 'rerun', String(number), '--from', 'failed', '--preview');
  expect(preview.stdout).toMatch(/These steps run again:\n {2}wait: it had not succeeded\nTaken over: rows, big, file, send/);
  const other = await run('run', 'rerun', String(number), '--from', 'failed', '-p', 'least=0', '--preview');
  expect(other.stdout).toContain('big: it reads the parameter least, which changed');
  const again = (await run('run', 'rerun', String(number), '--from', 'send', '--json')).json<{ rerunOf: string; mode: string }>();
  expect(again).toMatchObject({ mode: 'dry', rerunOf: expect.any(String) });
  await settled('wait', 'waiting');
  const { steps } = (await run('run', 'show', 'latest', '--json')).json<{ steps: { step: string; reusedFrom: string | null }[] }>();
  expect(steps.find(({ step }) => step === 'file')?.reusedFrom).toBe(again.rerunOf);
  expect(await run('run', 'rerun', 'latest', '--from', 'send')).toMatchObject({ code: 6, stderr: expect.stringContaining('is not over') });
  expect(await run('run', 'cancel', 'latest', '--wait')).toMatchObject({ code: 1 });
  expect(await run('run', 'rerun', 'latest', '--from', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no step nowhere') });
});

test('many runs at once: told first, then done; sets of parameters from a file', async () => {
  await apply(
    product.client,
    'flow: desk\ntitle: Desk\nparameters:\n  desk: { type: string }\n  much: { type: integer, default: 1 }\n  day: { type: date, default: "2026-01-01" }\nsteps:\n  wait:\n    use: flow.signal\n    with: { name: go }\n',
  );
  await writeFile(path.join(product.shell.folder, 'desks.csv'), 'desk\nfx\n"rates, long"\n');
  expect(await run('run', 'start-many', 'desk', 'desks.csv')).toMatchObject({ code: 0, stdout: '2 of 2 runs of desk started.\n' });
  await writeFile(path.join(product.shell.folder, 'wrong.csv'), 'desk,much\nfx,1\nrates,a lot\n');
  expect(await run('run', 'start-many', 'desk', 'wrong.csv')).toMatchObject({ code: 2, stderr: expect.stringContaining('wrong.csv, line 3: much: "a lot"') });
  await writeFile(path.join(product.shell.folder, 'wrong.json'), '[{"desk": "fx"}, {"none": 1}]');
  expect(await run('run', 'start-many', 'desk', 'wrong.json')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('1 of 2 runs of desk started.\n  set 2:'),
  });
  const preview = await run('run', 'bulk', 'cancel', '--flow', 'desk');
  expect(preview.stdout).toMatch(/This would cancel 3 runs:\n[\s\S]*Say --yes to do it\./);
  expect(await run('run', 'bulk', 'cancel', '--flow', 'desk', '--yes')).toMatchObject({ code: 0, stdout: '3 of 3 done.\n' });
  expect((await run('run', 'bulk', 'cancel', '--flow', 'desk')).stdout).toContain('There is nothing to cancel');
  expect(await run('run', 'bulk', 'cancel')).toMatchObject({ code: 2 });
});

test('a run that failed is a dead letter: listed, shown, replayed, discarded', async () => {
  await apply(product.client, 'flow: letters\ntitle: Letters\nsteps:\n  fails:\n    use: flow.fail\n    with: { message: "no price today" }\n');
  expect(await run('run', 'start', 'letters', '--wait')).toMatchObject({ code: 1 });
  const [letter] = (await run('dead-letter', 'list', '--flow', 'letters', '--json')).json<{ number: number; code: string }[]>();
  expect(letter?.code).toBe('flow.failed');
  const number = String(letter?.number);
  expect((await run('dead-letter', 'show', number)).stdout).toContain('no price today');
  expect(await run('dead-letter', 'replay', number, '--wait')).toMatchObject({ code: 1 });
  expect((await run('dead-letter', 'show', 'latest')).stdout).toMatch(/Replays +1, the newest is run \d+, failed/);
  expect((await run('dead-letter', 'replay', '--flow', 'letters')).stdout).toContain('This would replay 1 run');
  expect(await run('dead-letter', 'discard', 'latest', '--comment', 'there was none')).toMatchObject({ code: 0 });
  expect((await run('dead-letter', 'list', '--flow', 'letters')).stdout).toBe('');
});

test('a backfill tells its price, runs, and is seen and cancelled as one', async () => {
  const start = [
    'backfill',
    'start',
    'desk',
    '--parameter',
    'day',
    '--from',
    '2026-01-01',
    '--to',
    '2026-01-09',
    '--every',
    'weekday',
    '-p',
    'desk=fx',
    '--at-once',
    '2',
  ];
  const price = await run(...start);
  expect(price.stdout).toContain('7 runs, from 2026-01-01 to 2026-01-09, 2 at once.');
  const { id } = (await run(...start, '--yes', '--json')).json<{ id: string }>();
  expect((await run('backfill', 'list', '--flow', 'desk')).stdout).toContain(id);
  expect((await run('backfill', 'show', id)).stdout).toMatch(/Progress +0 of 7 succeeded/);
  expect(await run('backfill', 'cancel', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('cancelled') });
  expect(await run('backfill', 'cancel', id)).toMatchObject({ code: 6 });
});

test('a performance test measures runs and steps; what is left of one is cancelled', async () => {
  await apply(product.client, 'flow: quick\ntitle: Quick\nsteps:\n  one:\n    use: flow.value\n    with: { value: "1" }\n');
  const report = await run('performance', 'start', 'quick', '--runs', '3', '--at-once', '2');
  expect(report.stdout).toMatch(/Progress +3 of 3 over[\s\S]*A run +.* median[\s\S]*one +3 /);
  const { id } = (await run('performance', 'start', 'desk', '--runs', '2', '-p', 'desk=fx', '--no-wait', '--json')).json<{ id: string }>();
  expect((await run('performance', 'list', '--flow', 'desk')).stdout).toContain(id);
  expect((await run('performance', 'show', id)).stdout).toMatch(/Progress +0 of 2 over/);
  expect(await run('performance', 'cancel', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('cancelled') });
  expect(await run('performance', 'cancel', id)).toMatchObject({ code: 6 });
});
