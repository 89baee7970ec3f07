// What the desk processed, and why each row is where it is.
import { NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { ColorProcessing, ColorProcessingDetail, ProcessedColor, ProcessedColorWhy } from '@tidewheel/contract/routes/color-processings';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import {
  findColorAt,
  findColors,
  findProcessing,
  findProcessings,
  type ProcessingFilter,
  type ProcessingRow,
  type RowFilter,
  shownColor,
} from './processings.store.ts';
import { explainRow } from './row-reasons.ts';

export interface ProcessingDeps {
  databases: Databases;
}

export function listProcessings({ databases }: ProcessingDeps, actor: Actor, query: ProcessingFilter & PageRequest): Promise<Page<ColorProcessing>> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const page = await findProcessings(trx, query, query);
    return { ...page, items: page.items.map(shownProcessing) };
  });
}

/** @throws NotFound */
export function showProcessing({ databases }: ProcessingDeps, actor: Actor, number: number): Promise<ColorProcessingDetail> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, number);
    const byRule = row.rule_set.rules.map(({ id, title, kind }) => ({ rule: id, title, kind, rows: row.by_rule[id] ?? 0 }));
    return { ...shownProcessing(row), ruleSet: row.rule_set, byRule };
  });
}

/** @throws NotFound */
export function listColors(
  { databases }: ProcessingDeps,
  actor: Actor,
  { number, ...query }: RowFilter & PageRequest & { number: number },
): Promise<Page<ProcessedColor>> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const page = await findColors(trx, { ...query, processing: await existing(trx, number) }, query);
    return { ...page, items: page.items.map((row) => shownColor(row, number)) };
  });
}

/** @throws NotFound */
export function explainColor({ databases }: ProcessingDeps, actor: Actor, { number, line }: { number: number; line: number }): Promise<ProcessedColorWhy> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const processing = await existing(trx, number);
    const { row, above, parent } = await findColorAt(trx, processing, line);
    if (!row) throw new NotFound('color.unknown', `Processing ${number} has no row ${line}.`, { hint: `Its rows are counted from 1 to ${processing.taken}.` });
    const shown = (one: typeof row | undefined) => one && shownColor(one, number);
    return { line, reasons: explainRow({ row: shownColor(row, number), above: shown(above), parent: shown(parent), ruleSet: processing.rule_set }) };
  });
}

async function existing(trx: WorkspaceTransaction, number: number): Promise<ProcessingRow> {
  const found = await findProcessing(trx, number);
  if (found) return found;
  throw new NotFound('color_processing.unknown', `There is no processing ${number} of colors.`, { hint: 'Look at the list of processings.' });
}

function shownProcessing(row: ProcessingRow): ColorProcessing {
  const { id, number, kind, date, taken, excluded, kept, families, started_at, ended_at } = row;
  return {
    id,
    number,
    kind,
    date,
    run: row.run_id !== null && row.run_number !== null && row.flow !== null ? { id: row.run_id, number: row.run_number, flow: row.flow } : null,
    session: row.session_id,
    taken,
    excluded,
    kept,
    families,
    bySource: row.by_source,
    startedAt: started_at.toISOString(),
    endedAt: ended_at.toISOString(),
    ms: ended_at.getTime() - started_at.getTime(),
    by: row.by_label,
  };
}
