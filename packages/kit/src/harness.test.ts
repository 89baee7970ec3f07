import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Unreachable } from '@tidewheel/contract/errors';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStep } from './define-step.ts';
import { newTrace, runStep } from './harness.ts';

const copy = defineStep({
  type: 'test.copy',
  version: 1,
  ui: { title: 'Copy', group: 'Test', icon: 'copy', summary: '' },
  description: '',
  config: z.object({ name: z.string(), upper: z.boolean().default(false), fail: z.boolean().default(false) }),
  inputs: { min: 1, max: 1, carries: 'table' },
  produces: 'file',
  examples: [],
  async run({ name, upper, fail }, ctx) {
    const table = ctx.inputs.input?.table;
    if (!table) throw new Unreachable('test.table', 'no table');
    let text = '';
    for await (const batch of ctx.tables.rows(table, { batch: 2 })) text += `${JSON.stringify(batch)}\n`;
    await ctx.once('sent', async () => ({ attempt: ctx.attempt }));
    if (fail) throw new Unreachable('test.down', 'the far side is down');
    const scratch = path.join(await ctx.files.scratch(), 'x');
    await writeFile(scratch, upper ? text.toUpperCase() : text);
    return { files: [await ctx.files.put({ name, mediaType: 'text/plain' }, await readFile(scratch))] };
  },
});

test('a step runs with its rows in batches, its defaults and its files', async () => {
  await using outcome = await runStep(copy, { name: 'a.txt' }, { inputs: { input: { rows: [{ a: '1' }, { a: null }, { a: '3' }] } } });
  const [file] = outcome.result.files ?? [];
  expect(file).toMatchObject({ name: 'a.txt', size: 35 });
  expect(file && (await outcome.content(file)).toString()).toBe('[{"a":"1"},{"a":null}]\n[{"a":"3"}]\n');
});

test('a wrong configuration is refused by the path of the field', async () => {
  await expect(runStep(copy, { name: 3 } as never)).rejects.toThrow(/^name: /);
});

test('what happened before a failure stays readable, and a second attempt gets the result of once', async () => {
  const trace = newTrace();
  const inputs = { input: { rows: [{ a: '1' }] } };
  await expect(runStep(copy, { name: 'a', fail: true }, { inputs, trace })).rejects.toMatchObject({ code: 'test.down' });
  expect(trace.once.get('sent')).toEqual({ attempt: 1 });
  await using outcome = await runStep(copy, { name: 'a' }, { inputs, once: trace.once, attempt: 2 });
  expect(outcome.once.get('sent')).toEqual({ attempt: 1 });
});
