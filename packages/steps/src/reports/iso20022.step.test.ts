import { createHash } from 'node:crypto';
import { type HarnessOutcome, runStep } from '@tidewheel/kit/harness';
import type { Row } from '@tidewheel/kit/step-context';
import { describe, expect, test } from 'vitest';
import { generateTradingDay } from '../../../server/src/app/demo/trades/generate.ts';
import { iso20022Report } from './iso20022.step.ts';
import { esmaSchemas, hasEsmaSchemas } from './testing/esma-schemas.ts';
import { bondTrade, shareTrade } from './testing/trade-rows.ts';

const usual = { preset: 'mifir_rts22', sender: 'SYNT00FI000000000117', receiver: 'FR' } as const;
const table = (rows: Row[]) => ({ inputs: { input: { rows } } });
const xmlOf = async ({ result, content }: HarnessOutcome) => (result.files?.[0] ? (await content(result.files[0])).toString() : '');

test('a share trade of a person and a bond trade of a firm, element by element', async () => {
  await using outcome = await runStep(iso20022Report, usual, table([shareTrade(1), bondTrade(2)]));
  const xml = await xmlOf(outcome);
  expect(xml).toMatchSnapshot();
  expect(outcome.result).toMatchObject({
    value: { records: 2, rejected: 0, messageId: '20261118-1-harness' },
    counts: { rowsIn: 2, rowsOut: 2, dropped: 0, rejected: 0 },
    metadata: { records: 2, validation: { result: 'not validated' } },
    files: [{ name: 'harness-2026-11-18.xml', sha256: createHash('sha256').update(xml).digest('hex'), md5: createHash('md5').update(xml).digest('hex') }],
  });
});

test('the same rows at the same frozen instant give the same bytes', async () => {
  const hashes = [];
  for (let i = 0; i < 2; i++) {
    await using outcome = await runStep(iso20022Report, usual, table([shareTrade(1), bondTrade(2)]));
    hashes.push(outcome.result.files?.[0]?.sha256);
  }
  expect(hashes[0]).toBe(hashes[1]);
});

test('prices of every kind, a negative one, and a cancellation', async () => {
  const rows = [
    shareTrade(1, { price: '-37.63' }),
    shareTrade(2, { price_type: 'PNDG', price: null }),
    bondTrade(3, { price_type: 'YIEL', price: '3.25' }),
    bondTrade(4, { price_type: 'BAPO', price: '12.5' }),
    { ...shareTrade(5), action: 'CANC' },
    { ...shareTrade(6), buyer_id_type: 'INTC', buyer_id: null },
  ].map((row) => ({ action: null, ...row }));
  await using outcome = await runStep(iso20022Report, usual, table(rows));
  const records = (await xmlOf(outcome)).split('\n').slice(4, -2);
  expect(records[0]).toContain('<Pric><Pric><MntryVal><Amt Ccy="EUR">37.63</Amt><Sgn>false</Sgn></MntryVal></Pric></Pric>');
  expect(records[1]).toContain('<Pric><NoPric><Pdg>PNDG</Pdg><Ccy>EUR</Ccy></NoPric></Pric>');
  expect(records[2]).toContain('<Pric><Pric><Yld>3.25</Yld></Pric></Pric>');
  expect(records[3]).toContain('<Pric><Pric><BsisPts>12.5</BsisPts></Pric></Pric>');
  expect(records[4]).toBe('<Tx><Cxl><TxId>SYN5</TxId><ExctgPty>SYNT00FI000000000117</ExctgPty><SubmitgPty>SYNT00FI000000000117</SubmitgPty></Cxl></Tx>');
  expect(records[5]).toContain('<Buyr><AcctOwnr><Id><Intl>INTC</Intl></Id>');
});

test('rows that cannot be a record fail the step, each field named, the first 50 kept', async () => {
  const rows = [
    shareTrade(1),
    shareTrade(2, { quantity: '0', execution_type: 'X' }),
    ...Array.from({ length: 60 }, (_, i) => shareTrade(i + 3, { instrument_isin: null })),
  ];
  await expect(runStep(iso20022Report, usual, table(rows))).rejects.toMatchObject({
    code: 'report.record',
    status: 400,
    message:
      '61 rows cannot be reported. Row 2: quantity is "0"; it must be above zero; executionType is "X"; it must be one of ALGO, NORE, CONCAT, NIDN, CCPT.',
    details: { rows: 61, faults: expect.toSatisfy((faults: unknown[]) => faults.length === 50) },
  });
});

test('under quarantine they stay out of the file and are kept beside it', async () => {
  await using outcome = await runStep(
    iso20022Report,
    { ...usual, onInvalid: 'quarantine', fileName: 'day.xml' },
    table([shareTrade(1), shareTrade(2, { quantity: '0' }), shareTrade(3)]),
  );
  const [report, rejected] = outcome.result.files ?? [];
  expect(outcome.result.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 0, rejected: 1 });
  expect((await xmlOf(outcome)).match(/<TxId>[^<]*/g)).toEqual(['<TxId>SYN1', '<TxId>SYN3']);
  expect([report?.name, rejected?.name]).toEqual(['day.xml', 'day.rejected.jsonl']);
  expect(rejected && JSON.parse((await outcome.content(rejected)).toString())).toMatchObject({
    row: 2,
    faults: [{ field: 'quantity', message: 'is "0"; it must be above zero' }],
    record: { transaction_reference: 'SYN2' },
  });
});

test('columns of other names, and clear words when one is missing or a float', async () => {
  const { trading_datetime, ...rest } = shareTrade(1);
  const input = { inputs: { input: { rows: [{ ...rest, executed_at: trading_datetime }] } } };
  await using outcome = await runStep(iso20022Report, { ...usual, columns: { tradingTime: 'executed_at' } }, input);
  expect(await xmlOf(outcome)).toContain(`<TradDt>${String(trading_datetime)}</TradDt>`);
  await expect(runStep(iso20022Report, usual, input)).rejects.toMatchObject({
    code: 'report.column_missing',
    message: 'The table lacks the columns trading_datetime (tradingTime).',
  });
  const columns = Object.keys(shareTrade(1)).map((name) => ({ name, type: name === 'price' ? 'DOUBLE' : 'VARCHAR' }));
  await expect(runStep(iso20022Report, usual, { inputs: { input: { rows: [shareTrade(1)], columns } } })).rejects.toMatchObject({
    code: 'report.float',
    details: { columns: ['price'] },
  });
});

test('an empty table makes no file; a header beyond its limits is refused', async () => {
  const columns = Object.keys(shareTrade(1)).map((name) => ({ name, type: 'VARCHAR' }));
  await expect(runStep(iso20022Report, usual, { inputs: { input: { rows: [], columns } } })).rejects.toMatchObject({ code: 'report.empty' });
  await expect(runStep(iso20022Report, { ...usual, messageId: 'x'.repeat(36) }, table([shareTrade(1)]))).rejects.toMatchObject({ code: 'report.header' });
  for (const fileName of ['a/b.xml', '..', '', 'a\nb.xml']) {
    await expect(runStep(iso20022Report, { ...usual, fileName }, table([shareTrade(1)]))).rejects.toMatchObject({ code: 'report.file_name' });
  }
});

test('cancelled while rows come in, it stops', async () => {
  const abort = new AbortController();
  function* rows() {
    for (let i = 0; i < 5_000; i++) yield shareTrade(i);
  }
  abort.abort(new Error('cancelled'));
  await expect(runStep(iso20022Report, usual, { inputs: { input: { rows: rows() } }, signal: abort.signal })).rejects.toThrow();
});

describe.skipIf(!hasEsmaSchemas)('against the ESMA schemas (TIDEWHEEL_SHARED)', () => {
  const schemas = ['document', 'header', 'envelope'];
  const faultless = () => {
    const day = generateTradingDay({ businessDate: '2026-11-18' });
    const faulty = new Set(day.faults.map((fault) => fault.row));
    return day.trades.filter((trade) => !faulty.has(Number(trade.synthetic_row)));
  };

  test('the 9,790 good trades of the demo are valid', async () => {
    await using outcome = await runStep(iso20022Report, { ...usual, schemas }, { ...table(faultless()), uploads: esmaSchemas() });
    expect(outcome.result).toMatchObject({
      value: { records: 9_790 },
      metadata: {
        validation: {
          result: 'valid',
          notCovered: [],
          schemas: [{ slug: 'document', namespace: 'urn:iso:std:iso:20022:tech:xsd:auth.016.001.01' }, { slug: 'header' }, { slug: 'envelope' }],
        },
      },
    });
  });

  test('odd names, prices of every kind and a cancellation are valid', async () => {
    const rows = [
      shareTrade(1, { price: '-37.63' }),
      shareTrade(2, { price_type: 'PNDG', price: null }),
      bondTrade(3, { price_type: 'YIEL', price: '3.25' }),
      bondTrade(4, { price_type: 'BAPO', price: '12.5', quantity_type: 'MONE' }),
      { ...shareTrade(5), action: 'CANC' },
      { ...shareTrade(6), buyer_id_type: 'INTC' },
      bondTrade(7, { buyer_id_type: 'MIC', buyer_id: 'XPAR', net_amount: '0' }),
    ].map((row) => ({ action: null, ...row }));
    await using outcome = await runStep(iso20022Report, { ...usual, schemas }, { ...table(rows), uploads: esmaSchemas() });
    expect(outcome.result.value).toMatchObject({ records: 7 });
  });

  test('a record that the schema refuses fails the step by line, row and element', async () => {
    const rows = [
      shareTrade(1),
      shareTrade(2, { quantity: null }),
      shareTrade(3, { instrument_isin: 'FR00001210' }),
      shareTrade(4, { execution_id: 'small letters' }),
    ];
    await expect(
      runStep(iso20022Report, { ...usual, schemas }, { ...table([...rows.slice(0, 1), ...rows.slice(2)]), uploads: esmaSchemas() }),
    ).rejects.toMatchObject({
      code: 'report.schema_invalid',
      message: expect.stringMatching(/^The report is not valid against its schemas: line 6, Id: .*'FR00001210' is not accepted by the pattern.*line 7, Algo: /),
      details: {
        total: 2,
        faults: [
          { line: 6, row: 2, element: 'Id' },
          { line: 7, row: 3, element: 'Algo' },
        ],
      },
    });
  });

  test('under quarantine the file without it is valid, and both kinds of bad rows are kept', async () => {
    const rows = [shareTrade(1), shareTrade(2, { quantity: null }), shareTrade(3, { instrument_isin: 'FR00001210' }), shareTrade(4)];
    await using outcome = await runStep(iso20022Report, { ...usual, schemas, onInvalid: 'quarantine' }, { ...table(rows), uploads: esmaSchemas() });
    expect(outcome.result.counts).toEqual({ rowsIn: 4, rowsOut: 2, dropped: 0, rejected: 2 });
    expect(outcome.result.metadata).toMatchObject({ records: 2, validation: { result: 'valid' } });
    const kept =
      outcome.result.files?.[1] &&
      (await outcome.content(outcome.result.files[1]))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    expect(kept).toMatchObject([
      { row: 2, faults: [{ field: 'quantity', message: 'is missing' }] },
      { row: 3, faults: [{ field: 'Id', message: expect.stringContaining('FR00001210') }], record: { transaction_reference: 'SYN3' } },
    ]);
  });

  test('with the schema of the document alone the rest is said to be unchecked', async () => {
    await using outcome = await runStep(iso20022Report, { ...usual, schemas: ['document'] }, { ...table([shareTrade(1)]), uploads: esmaSchemas() });
    expect(outcome.result.metadata).toMatchObject({
      validation: { notCovered: ['urn:iso:std:iso:20022:tech:xsd:head.003.001.01', 'urn:iso:std:iso:20022:tech:xsd:head.001.001.01'] },
    });
    expect(outcome.logs.map((log) => log.level)).toContain('warn');
    await expect(
      runStep(iso20022Report, { ...usual, schemas: ['document'] }, { ...table([shareTrade(1, { venue_mic: 'toolong' })]), uploads: esmaSchemas() }),
    ).rejects.toMatchObject({ details: { faults: [{ element: 'TradVn' }] } });
    await expect(
      runStep(iso20022Report, { ...usual, schemas: ['header', 'envelope'] }, { ...table([shareTrade(1)]), uploads: esmaSchemas() }),
    ).rejects.toMatchObject({ code: 'report.schema' });
  });
});
