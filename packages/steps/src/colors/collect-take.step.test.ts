import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IncomingColors } from '@tidewheel/kit/color-desk';
import { runStep } from '@tidewheel/kit/harness';
import type { Row, StepContext } from '@tidewheel/kit/step-context';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TableJobNode } from '../../../server/src/storage/tables/table-engine.ts';
import { type StepBench, stepBench } from '../table/testing/run-table-step.ts';
import { colorCollect } from './collect.step.ts';
import { colorTake } from './take.step.ts';

let bench: StepBench;
let folder: string;
beforeAll(async () => {
  bench = await stepBench();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-take-'));
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

const made = { upload: 'u', rows: 3, doubtful: 1, duplicates: 0, refused: 2, sameAs: null };

it('collects each file and table of the step before, and says what came of it', async () => {
  const asked: IncomingColors[] = [];
  const collect = async (incoming: IncomingColors) => {
    asked.push(incoming);
    return incoming.title === 'b.csv' ? { ...made, rows: 0, doubtful: 0, refused: 0, sameAs: 'b.csv' } : made;
  };
  const inputs = {
    mails: {
      files: [
        { name: 'a.xlsx', content: 'x' },
        { name: 'b.csv', content: 'y' },
      ],
    },
    rows: { rows: [{ a: '1' }] },
  };
  await using done = await runStep(colorCollect, { source: 'runs' }, { inputs, colors: { collect } });
  expect(asked.map(({ title, source, again, from }) => [title, source, again, from.kind])).toEqual([
    ['a.xlsx', 'runs', false, 'file'],
    ['b.csv', 'runs', false, 'file'],
    ['rows', 'runs', false, 'table'],
  ]);
  expect(done.result.value).toMatchObject({ rows: 6, doubtful: 2, refused: 4, uploads: [{ passed: false }, { passed: true }, {}] });
  expect(done.logs.map(({ text }) => text)).toContain('b.csv: the same content came before as b.csv; it was passed over.');
  await expect(runStep(colorCollect, {}, { inputs: { nothing: { files: [] } } })).rejects.toMatchObject({ code: 'color.nothing_to_collect' });
  const none = { inputs, colors: { collect: async () => ({ ...made, rows: 0 }) } };
  await expect(runStep(colorCollect, { whenNothing: 'fail' }, none)).rejects.toMatchObject({ code: 'color.nothing_collected' });
});

it('hands on what waits with its types, whatever the texts hold', async () => {
  const odd = 'a "b", c\nd\u00e9';
  async function* take(): AsyncGenerator<Row[]> {
    yield [
      { date: '2026-11-20', cusip: '037833100', px: '98.515625', rank: 2, issuer: odd, at: '2026-11-20T14:30:00.000Z', more: '{"x":"1"}' },
      { date: '2026-11-19', ticker: '', more: '{}' },
    ];
  }
  const ctx = {
    files: { scratch: async () => folder },
    colors: { take, arranged: async () => null },
    log: { info: () => {} },
    progress: () => {},
    signal: new AbortController().signal,
    isDry: false,
  } as unknown as StepContext;
  const config = colorTake.config.parse({});
  const source = await colorTake.source?.(config, ctx);
  expect(await readFile(source?.path ?? '', 'utf8')).toContain('037833100');
  const read = {
    id: 'taken',
    node: { ...colorTake.relation(config), csv: source?.csv },
    inputs: { input: { stored: { path: source?.path ?? '', format: 'csv' } } },
    keep: false,
  } as TableJobNode;
  const job = await bench.tables.run([read]);
  const preview = job.nodes['taken']?.preview;
  const row = (at: number) => Object.fromEntries((preview?.columns ?? []).map(({ name }, place) => [name, preview?.rows[at]?.[place]]));
  expect(preview?.columns.find(({ name }) => name === 'px')?.type).toBe('DECIMAL(18,6)');
  expect(row(0)).toMatchObject({ date: '2026-11-20', cusip: '037833100', px: '98.515625', rank: 2, issuer: odd, isin: null, more: '{"x":"1"}' });
  expect(row(1)).toMatchObject({ date: '2026-11-19', ticker: '', cusip: null, px: null });
});
