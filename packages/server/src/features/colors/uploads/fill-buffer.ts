// Puts what was read into the buffer, in batches, in the caller's transaction; rows that are no colors are counted with their reason.
import { Color } from '@tidewheel/contract/color';
import { TooLarge } from '@tidewheel/contract/errors';
import type { RefusedColorRow } from '@tidewheel/contract/routes/color-uploads';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { insertWaiting, markDuplicates } from '../buffer/buffer.store.ts';
import type { ReadRow } from '../columns/read-colors.ts';
import type { ReadColor } from '../columns/row-colors.ts';
import { BondBook } from '../matching/known-bonds.store.ts';

const batchSize = 1_000;
const mostRows = 500_000;
export const keptRefusals = 200;

export interface Filled {
  rows: number;
  doubtful: number;
  duplicates: number;
  refused: number;
  refusals: RefusedColorRow[];
}

/** A color that the record takes, or why not. Lengths and limits are asked here, for readers know files and not the record. */
export function checkedColor(read: ReadColor): ReadColor | RefusedColorRow {
  const parsed = Color.safeParse(read.color);
  if (parsed.success) return { ...read, color: parsed.data };
  const [issue] = parsed.error.issues;
  return { line: read.line, why: `${issue?.path.join('.')} ${issue?.message}`.slice(0, 500), text: JSON.stringify(read.color).slice(0, 500) };
}

export async function fillBuffer(
  trx: WorkspaceTransaction,
  { workspaceId, uploadId, rows }: { workspaceId: string; uploadId: string; rows: AsyncIterable<ReadRow> },
): Promise<Filled> {
  const filled: Filled = { rows: 0, doubtful: 0, duplicates: 0, refused: 0, refusals: [] };
  const bonds = new BondBook(trx, workspaceId);
  let batch: ReadColor[] = [];
  const put = async () => {
    const known = await bonds.matched(batch);
    filled.doubtful += known.filter(({ doubts }) => Object.keys(doubts).length > 0).length;
    await insertWaiting(trx, { workspaceId, uploadId, rows: known });
    batch = [];
  };
  const refuse = (row: RefusedColorRow) => {
    filled.refused += 1;
    if (filled.refusals.length < keptRefusals) filled.refusals.push(storable(row));
  };
  for await (const row of rows) {
    const read = 'color' in row ? checkedColor(row.color) : row.refused;
    if (!('color' in read)) {
      refuse(read);
      continue;
    }
    batch.push(storable(read));
    filled.rows += 1;
    if (filled.rows > mostRows)
      throw new TooLarge('color_upload.too_many', `The file holds more than ${mostRows.toLocaleString('en')} colors.`, { hint: 'Split it.' });
    if (batch.length < batchSize) continue;
    await put();
  }
  await put();
  filled.duplicates = await markDuplicates(trx, { workspaceId, uploadId });
  return filled;
}

/** Postgres keeps neither U+0000 nor half of a surrogate pair. */
function storable<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value)
      .replace(/\\u0000/g, '')
      .replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\ufffd'),
  ) as T;
}
