// A whole file to colors: each of its tables by the configuration of its source, or by what can be told from it.
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import { LineReader } from '../quotes/line-colors.ts';
import type { IncomingFile, IncomingRow, IncomingTable } from '../readers/incoming.ts';
import { orderOfDates } from './read-date.ts';
import { colorsOf, planRows, type ReadColor, type RefusedRow, textOf } from './row-colors.ts';
import { type FoundHeader, findHeader, suggestColumns } from './suggest-columns.ts';

export interface ReadPlan {
  /** Of the source; null: suggested from headers and samples. */
  columns: ColorColumns | null;
  /** What the colors say of their source where no column does. */
  source: string | null;
  /** `YYYY-MM-DD`, where the file says no day. */
  date: string;
}

export type ReadRow = { color: ReadColor } | { refused: RefusedRow };
/** Rows that are looked at before the first is read. */
const sampleRows = 200;
const headerRows = 60;

export interface LookedAt {
  sheet: string | null;
  header: FoundHeader;
  samples: IncomingRow[];
  columns: ColorColumns;
}

/** Told of each table before its rows. */
export type OnTable = (table: LookedAt) => void;

export async function* readColors(file: IncomingFile, plan: ReadPlan, onTable: OnTable = () => {}): AsyncGenerator<ReadRow> {
  if (file.kind === 'lines') return yield* readLines(file, plan);
  let isRead = false;
  for (const table of file.tables) {
    if (plan.columns?.sheet && table.sheet !== null && table.sheet.toLowerCase() !== plan.columns.sheet.toLowerCase()) continue;
    const read = await lookAt(table, plan);
    if (file.tables.length > 1 && !namesBonds(read.columns)) {
      file.notes.say(`The sheet ${table.sheet} has no column that names bonds and was left out.`);
      await read.rest.return?.(undefined);
      continue;
    }
    isRead = true;
    onTable(read);
    yield* readTable(read, plan);
  }
  if (!isRead) file.notes.say(plan.columns?.sheet ? `There is no sheet ${plan.columns.sheet}.` : 'No sheet has a column that names bonds.');
}

function namesBonds({ fields }: ColorColumns): boolean {
  return fields.cusip !== undefined || fields.isin !== undefined || fields.ticker !== undefined;
}

async function* readLines(file: IncomingFile, { columns, source, date }: ReadPlan): AsyncGenerator<ReadRow> {
  const reader = new LineReader({ fixed: columns?.fixed ?? {}, source, date });
  for (const { rows } of file.tables) for await (const row of rows) yield* each(reader.read(row));
}

function* each(read: ReadColor[] | RefusedRow): Generator<ReadRow> {
  if (Array.isArray(read)) for (const color of read) yield { color };
  else yield { refused: read };
}

async function lookAt(table: IncomingTable, plan: ReadPlan): Promise<LookedAt & { rest: AsyncIterator<IncomingRow>; titles: IncomingRow[] }> {
  const rest = table.rows[Symbol.asyncIterator]();
  const first: IncomingRow[] = [];
  while (first.length < sampleRows) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
  }
  const header = findHeader(first.slice(0, headerRows), plan.columns ?? undefined);
  const samples = first.filter(({ line }) => line > header.line);
  return {
    sheet: table.sheet,
    header,
    samples,
    columns: plan.columns ?? suggestColumns(header, samples),
    rest,
    titles: first.filter(({ line }) => line < header.line),
  };
}

async function* readTable({ header, samples, columns, rest, titles }: Awaited<ReturnType<typeof lookAt>>, { source, date }: ReadPlan): AsyncGenerator<ReadRow> {
  for (const title of titles) yield { refused: { line: title.line, why: 'It stands above the header.', text: textOf(title) } };
  const rows = planRows({ columns, headers: header.headers, order: 'unknown', date, source });
  const dates = [rows.at.date, rows.at.maturity].filter((at) => at !== undefined);
  const proven = orderOfDates(samples.flatMap(({ cells }) => dates.map((at) => cells[at]?.text ?? '')));
  const plan = { ...rows, order: columns.dates === 'auto' ? proven : columns.dates };
  for (const row of samples) yield* each(colorsOf(row, plan));
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield* each(colorsOf(next.value, plan));
}
