// Keeps what a run made of the buffer: processing, its rows and the freed buffer in one transaction, once for each run and step.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Row } from '@tidewheel/kit/step-context';
import { newId } from '../../../base/ids.ts';
import type { Databases, WorkspaceTransaction } from '../../../storage/database.ts';
import { alertOfMatches } from './alert-matches.store.ts';
import { closeSession } from './close-session.store.ts';
import { colorColumns, insertColors } from './color-rows.store.ts';
import { holdReused } from './hold-reused.store.ts';
import { findKept, freeBuffer, insertProcessing, type KeptProcessing } from './keep.store.ts';
import { noteSecurities } from './securities.store.ts';

export interface Keeping {
  workspaceId: string;
  runId: string;
  step: string;
  kind: 'automatic' | 'manual';
  sessionId: string | null;
  /** Of the session, as it stood when its rows were taken. */
  sessionRevision?: number;
  date: string;
  ruleSet: ColorRuleSet;
  startedAt: Date;
  by: string;
}

/** Rows as `color.rank` gives them, in any order. @throws InvalidInput for rows without a date or that were not ranked */
export function keepColors({ engine }: Pick<Databases, 'engine'>, { rows, ...keeping }: Keeping & { rows: AsyncIterable<Row[]> }): Promise<KeptProcessing> {
  return engine.transaction().execute(async (trx) => (await findKept(trx, keeping)) ?? keepIn(trx, { ...keeping, rows }));
}

async function keepIn(trx: WorkspaceTransaction, { rows, ...keeping }: Keeping & { rows: AsyncIterable<Row[]> }): Promise<KeptProcessing> {
  const id = newId();
  if (keeping.sessionId === null) await holdReused(trx, keeping);
  const counted: Counted = { kept: 0, excluded: 0, families: 0, bySource: {}, byRule: {}, firstDay: null, lastDay: null };
  for await (const batch of rows) {
    const made = batch.map((row) => colorOf(row, counted));
    await insertColors(trx, { workspaceId: keeping.workspaceId, processingId: id, rows: made });
  }
  const processing = await insertProcessing(trx, { ...keeping, id, ...counted, taken: counted.kept + counted.excluded });
  await noteSecurities(trx, { ...keeping, ...counted, id });
  await alertOfMatches(trx, { ...keeping, ...processing });
  await closeSession(trx, { ...keeping, number: processing.number });
  await freeBuffer(trx, { ...keeping, id });
  return processing;
}

interface Counted {
  kept: number;
  excluded: number;
  families: number;
  bySource: Record<string, number>;
  byRule: Record<string, number>;
  firstDay: string | null;
  lastDay: string | null;
}

/** Its line: kept rows by their position, excluded ones counted from behind them as they come. */
function colorOf(row: Row, counted: Counted): Row {
  const { date, excludedBy, colorBy } = row;
  if (typeof date !== 'string') throw notRanked('has no date');
  if (counted.firstDay === null || date < counted.firstDay) counted.firstDay = date;
  if (counted.lastDay === null || date > counted.lastDay) counted.lastDay = date;
  for (const rule of [excludedBy, colorBy]) if (typeof rule === 'string') counted.byRule[rule] = (counted.byRule[rule] ?? 0) + 1;
  if (excludedBy != null) {
    counted.excluded += 1;
    return { ...picked(row), line: -counted.excluded };
  }
  const position = Number(row['position']);
  if (!Number.isInteger(position) || position < 1) throw notRanked('has no position');
  counted.kept += 1;
  counted.families = Math.max(counted.families, Number(row['family']));
  const source = String(row['source'] ?? '').slice(0, 100);
  counted.bySource[source] = (counted.bySource[source] ?? 0) + 1;
  return { ...picked(row), line: position };
}

function picked(row: Row): Row {
  return Object.fromEntries([...colorColumns.keys()].map((name) => [name, row[name] ?? null]));
}

function notRanked(why: string): InvalidInput {
  return new InvalidInput('color.not_ranked', `A row that should be kept ${why}.`, { hint: 'Take `from` a color.rank step: it gives every row its place.' });
}
