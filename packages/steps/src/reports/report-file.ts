// Writes the report's records to a file as rows come in: never more than a batch in memory, and as slow as the disk wants it.
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Row } from '@tidewheel/kit/step-context';
import { closingXml, firstRecordLine, type MessageHeader, openingXml } from './business-envelope.ts';
import type { RecordFault, RecordReader } from './record-reader.ts';
import type { RejectedRows } from './rejected-rows.ts';
import { keptFaults } from './schema-fault.ts';

export interface FaultyRow {
  /** 1-based, in the order of the input table. */
  row: number;
  faults: RecordFault[];
}
export interface WrittenReport {
  records: number;
  /** The rows left out because a field was faulty, in order. */
  leftOut: number[];
  /** The first 50 of them with what was wrong. */
  faulty: FaultyRow[];
}

export interface ReportPlan {
  path: string;
  header: MessageHeader;
  rows: AsyncIterable<Row[]>;
  reader: RecordReader;
  /** The record as XML on one line. */
  record(reader: RecordReader): string;
  rejected: RejectedRows | null;
  signal: AbortSignal;
  onBatch(rows: number): void;
}

export async function writeReport(plan: ReportPlan): Promise<WrittenReport> {
  const written: WrittenReport = { records: 0, leftOut: [], faulty: [] };
  async function* text(): AsyncGenerator<Buffer> {
    yield Buffer.from(openingXml(plan.header));
    for await (const batch of plan.rows) {
      yield Buffer.from(batch.map((row) => recordLine(plan, { written, row })).join(''));
      await plan.rejected?.flush();
      plan.onBatch(written.records + written.leftOut.length);
    }
    yield Buffer.from(closingXml);
  }
  await pipeline(Readable.from(text()), createWriteStream(plan.path), { signal: plan.signal });
  return written;
}

function recordLine({ reader, record, rejected }: ReportPlan, { written, row }: { written: WrittenReport; row: Row }): string {
  reader.next(row);
  const line = record(reader);
  if (reader.faults.length === 0) {
    written.records++;
    return `${line}\n`;
  }
  const number = written.records + written.leftOut.length + 1;
  const faults = [...reader.faults];
  written.leftOut.push(number);
  if (written.faulty.length < keptFaults) written.faulty.push({ row: number, faults });
  rejected?.add(number, { faults, record: row });
  return '';
}

/** Copies a report without the given lines. */
export async function copyWithoutLines({
  from,
  to,
  lines,
  signal,
}: {
  from: string;
  to: string;
  lines: ReadonlyMap<number, unknown>;
  signal: AbortSignal;
}): Promise<void> {
  async function* kept(): AsyncGenerator<string> {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY }))
      if (!lines.has(++number)) yield `${line}\n`;
  }
  await pipeline(Readable.from(kept()), createWriteStream(to), { signal });
}

/** The row of the input table that stands on a line of the report: rows that were left out have no line. */
export function rowOnLine(line: number, leftOut: readonly number[]): number {
  let row = line - firstRecordLine + 1;
  for (const left of leftOut) {
    if (left > row) break;
    row++;
  }
  return row;
}
