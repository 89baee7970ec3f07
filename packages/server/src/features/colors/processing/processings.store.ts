// Reads what the desk processed: lists of processings, and the rows of one.
import type { ProcessedColor } from '@tidewheel/contract/routes/color-processings';
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely';
import type { ColorTables } from '../../../storage/color-tables.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';

export type ProcessingRow = Selectable<ColorTables['color_processing']> & { run_number: number | null; flow: string | null };
export type ColorRow = Selectable<ColorTables['color']>;

function processings(trx: WorkspaceTransaction) {
  return trx
    .selectFrom('color_processing')
    .leftJoin('run', 'run.id', 'color_processing.run_id')
    .leftJoin('flow', 'flow.id', 'run.flow_id')
    .selectAll('color_processing')
    .select(['run.number as run_number', 'flow.slug as flow']);
}

const newestFirst: Sort = { name: 'newest', keys: [{ column: 'color_processing.number', type: 'bigint', direction: 'desc' }] };

export interface ProcessingFilter {
  kind?: 'automatic' | 'manual' | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function findProcessings(trx: WorkspaceTransaction, { kind, from, to }: ProcessingFilter, page: PageRequest) {
  let query = processings(trx);
  if (kind) query = query.where('color_processing.kind', '=', kind);
  if (from) query = query.where('color_processing.date', '>=', from);
  if (to) query = query.where('color_processing.date', '<=', to);
  return readPage({ db: trx, query, sort: newestFirst, page });
}

export function findProcessing(trx: WorkspaceTransaction, number: number): Promise<ProcessingRow | undefined> {
  return processings(trx).where('color_processing.number', '=', number).executeTakeFirst();
}

const byLine: Sort = { name: 'line', keys: [{ column: 'color.line', type: 'bigint', direction: 'asc' }] };

export interface RowFilter {
  which: 'all' | 'kept' | 'excluded';
  rule?: string | undefined;
  search?: string | undefined;
}

function rowsOf(trx: WorkspaceTransaction, { id, first_day, last_day }: ProcessingRow) {
  const query = trx.selectFrom('color').selectAll('color').where('color.processing_id', '=', id);
  // The days leave out the months that hold none of it.
  return first_day === null || last_day === null ? query : query.where('color.date', '>=', first_day).where('color.date', '<=', last_day);
}

export function findColors(trx: WorkspaceTransaction, { processing, ...filter }: RowFilter & { processing: ProcessingRow }, page: PageRequest) {
  let query = rowsOf(trx, processing);
  // Excluded rows stand behind the kept ones: the line says which it is.
  if (filter.which === 'kept') query = query.where('color.line', '<=', processing.kept);
  if (filter.which === 'excluded') query = query.where('color.line', '>', processing.kept);
  if (filter.rule)
    query = query.where(({ eb, or }) => or([eb('color.excluded_by', '=', filter.rule as string), eb('color.color_by', '=', filter.rule as string)]));
  if (filter.search) query = query.where(matches(filter.search));
  return readPage({ db: trx, query, sort: byLine, page });
}

function matches(search: string): Expression<SqlBool> {
  const escaped = search.replace(/[\\%_]/g, String.raw`\$&`);
  const [begin, within] = [`${escaped}%`, `%${escaped}%`];
  return sql<SqlBool>`(color.cusip ilike ${begin} or color.isin ilike ${begin} or color.ticker ilike ${begin} or color.issuer ilike ${within})`;
}

/** A row, and those that say why it is where it is: the parent of the family above it, and that of its own. */
export async function findColorAt(trx: WorkspaceTransaction, processing: ProcessingRow, line: number) {
  const at = (place: number) => rowsOf(trx, processing).where('color.line', '=', place).executeTakeFirst();
  const row = await at(line);
  if (!row || row.position === null) return { row, above: undefined, parent: undefined };
  if (row.child) return { row, above: undefined, parent: await at(line - row.child) };
  const before = await at(line - 1);
  return { row, above: before?.child ? await at(line - 1 - before.child) : before, parent: undefined };
}

const amount = (text: string | null): number | null => (text === null ? null : Number(text));

export function shownColor(row: ColorRow, processing: number): ProcessedColor {
  const { coupon, px, spread, yield: yielded, size, confidence, at, line, position, family, child, color, rank, more } = row;
  const { date, cusip, isin, ticker, issuer, maturity, sector, market, currency, source, dealer, bias, level, bwic } = row;
  const numbers = {
    coupon: amount(coupon),
    px: amount(px),
    spread: amount(spread),
    yield: amount(yielded),
    size: amount(size),
    confidence: amount(confidence),
  };
  const texts = { date, cusip, isin, ticker, issuer, maturity, sector, market, currency, source, dealer, bias, level, bwic, at: at?.toISOString() ?? null };
  return { ...texts, ...numbers, rank, more, processing, line, position, family, child, color, excludedBy: row.excluded_by, colorBy: row.color_by };
}
