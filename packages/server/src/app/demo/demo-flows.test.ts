// The two demo flows on the real table engine and the real report step: what they find is known to the row beforehand.
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runStep } from '@tidewheel/kit/harness';
import { stepTypes } from '@tidewheel/steps/index';
import { iso20022Report } from '@tidewheel/steps/reports/iso20022.step';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { esmaSchemas, hasEsmaSchemas } from '../../../../steps/src/reports/testing/esma-schemas.ts';
import { validateFlow } from '../../engine/flows/validate.ts';
import { type TableHarness, tableHarness } from '../../storage/tables/testing/table-harness.ts';
import { demoFlows, placeDemoFiles } from './demo-files.ts';
import { readFlow, runTableSteps } from './testing/table-flow.ts';
import { generateTradingDay } from './trades/generate.ts';

let folder: string;
let harness: TableHarness;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-demo-'));
  await placeDemoFiles(folder);
  harness = await tableHarness({ memoryLimit: '1GB' });
});
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

test.each(Object.entries(demoFlows))('%s is a flow without faults and warnings', async (_slug, file) => {
  const surroundings = {
    types: new Map(stepTypes.map((type) => [type.type, type])),
    tableEngine: harness.engine,
    targets: [],
    connections: ['demo-data', 'demo-outbox'].map((slug) => ({ slug, type: 'folder' })),
    files: [],
    flows: { find: async () => [], names: async () => [] },
  };
  const { document, faults } = await validateFlow(await readFile(file, 'utf8'), surroundings);
  expect(faults).toEqual([]);
  expect(document).not.toBeNull();
});

describe('MiFIR transaction report', () => {
  test('every seeded fault is in quarantine under its rule, and nothing else; the rest becomes a valid report', async () => {
    const flow = readFlow(demoFlows['mifir-daily']);
    const { nodes } = await runTableSteps({ flow, folder, harness, keep: ['ordered'], parameters: { businessDate: { type: 'date', value: '2026-11-18' } } });
    const day = generateTradingDay({ businessDate: '2026-11-18' });

    const rejected = await harness.rows(nodes.checks?.rejected?.path);
    const found = rejected.map((row) => ({ row: Number(row.synthetic_row), rule: row._reason })).sort((a, b) => a.row - b.row);
    expect(found).toEqual(day.faults);
    expect(nodes.checks?.counts).toEqual({ rowsIn: 10_000, rowsOut: 9_790, dropped: 0, rejected: 210 });
    expect(nodes.trades?.counts).toMatchObject({ rowsOut: 10_000, rejected: 0 });
    expect(nodes.checks?.checks?.map(({ name, outcome, failedRows }) => [name, outcome, failedRows])).toEqual([
      ['lei_check_digits', 'quarantined', 37],
      ['isin_check_digit', 'quarantined', 31],
      ['venue_in_iso_10383', 'quarantined', 29],
      ['price_not_negative', 'quarantined', 13],
      ['quantity_above_zero', 'quarantined', 17],
      ['timestamp_rts22_format', 'quarantined', 23],
      ['timestamp_on_business_date', 'quarantined', 11],
      ['buyer_present', 'quarantined', 19],
      ['reference_unique', 'quarantined', 14],
      ['currency_in_iso_4217', 'quarantined', 16],
    ]);

    const table = nodes.ordered?.table;
    const rows = await harness.rows(table?.path);
    expect(rows.map((row) => Number(row.synthetic_row))).toEqual([...rows.map((row) => Number(row.synthetic_row))].sort((a, b) => a - b));
    await using outcome = await runStep(
      iso20022Report,
      { preset: 'mifir_rts22', sender: 'SYNT00FI000000000117', receiver: 'FR', schemas: hasEsmaSchemas ? ['document', 'header', 'envelope'] : [] },
      { inputs: { input: { rows, columns: table?.columns ?? [] } }, uploads: hasEsmaSchemas ? esmaSchemas() : {} },
    );
    expect(outcome.result).toMatchObject({
      value: { records: 9_790, rejected: 0 },
      metadata: { validation: { result: hasEsmaSchemas ? 'valid' : 'not validated' } },
    });
  });
});

describe('flight delays', () => {
  test('3 million flights come out counted once each, the top ten routes are the known ones, and a second run makes the same bytes', async () => {
    const flow = readFlow(demoFlows['flight-delays']);
    const run = () => runTableSteps({ flow, folder, harness, keep: [], parameters: { lateAfter: { type: 'integer', value: 15 } } });
    const { nodes } = await run();
    expect(nodes.departures?.counts).toMatchObject({ rowsOut: 3_000_000 });
    expect(await sumOf(nodes.delaysCsv?.file?.path, 'flights')).toEqual({ rows: nodes.delaysCsv?.file?.rows, sum: 3_000_000n });
    expect(await readFile(nodes.routesCsv?.file?.path ?? '', 'utf8')).toMatchSnapshot();
    const again = await run();
    for (const step of ['delaysCsv', 'delaysParquet', 'routesCsv', 'routesJson']) {
      const [first, second] = [nodes, again.nodes].map((each) => readFile(each[step]?.file?.path ?? ''));
      expect((await first)?.equals((await second) ?? Buffer.alloc(0)), step).toBe(true);
    }
  });
});

/** Adds up a column of a CSV without quotes before it, in plain JavaScript. */
async function sumOf(file: string | undefined, column: string): Promise<{ rows: number; sum: bigint }> {
  let at = -1;
  let rows = 0;
  let sum = 0n;
  for await (const line of createInterface({ input: createReadStream(file ?? '') })) {
    const cells = [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map((match) => match[1] ?? '');
    if (at < 0) at = cells.indexOf(column);
    else {
      rows++;
      sum += BigInt(cells[at] ?? '');
    }
  }
  return { rows, sum };
}
