// The colors that wait: looked at, mended, taken out and put back by people.
import { Color, type ColorDoubts, type ColorField } from '@tidewheel/contract/color';
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { ColorBufferSummary, WaitingColor } from '@tidewheel/contract/routes/color-buffer';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import { readField } from '../columns/row-colors.ts';
import { type BufferFilter, changeField, changeRow, countWaiting, findRow, findWaiting, lockFree, markRemoved } from './buffer.store.ts';
import { type BufferRow, colorOfRow, samenessOf } from './buffer-rows.ts';

export interface BufferDeps {
  databases: Databases;
}

export function listBuffer({ databases }: BufferDeps, actor: Actor, query: BufferFilter & PageRequest): Promise<Page<WaitingColor>> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const page = await findWaiting(trx, query, query);
    return { ...page, items: page.items.map(shownRow) };
  });
}

export function summarizeBuffer({ databases }: BufferDeps, actor: Actor): Promise<ColorBufferSummary> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, countWaiting);
}

export interface RowChange {
  id: string;
  revision: number;
  fields: Partial<Record<ColorField, string>>;
  settled: ColorField[];
}

/** @throws NotFound, Conflict when somebody changed it since or works with it, InvalidInput for a value that is none */
export function updateRow({ databases }: BufferDeps, actor: Actor, change: RowChange): Promise<WaitingColor> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const [row] = await lockFree(trx, { workspaceId: actor.workspaceId, ids: [change.id] });
    if (!row) throw await notFree(trx, change.id);
    if (row.revision !== change.revision)
      throw new Conflict('color_buffer.changed', 'Somebody changed this color since you saw it.', {
        hint: 'Look at it again, then change it.',
        details: { revision: row.revision },
      });
    const before = colorOfRow(row);
    const values = valuesOf(change.fields, before);
    const after = checked({ ...before, ...values });
    const doubts = without(row.doubts, [...Object.keys(change.fields), ...change.settled]);
    await changeRow(trx, { id: row.id, values, doubts, sameness: samenessOf(after) });
    const keys = Object.keys(values) as ColorField[];
    await recordAudit(trx, actor, {
      action: 'color.changed',
      object: objectOf(row),
      before: Object.fromEntries(keys.map((key) => [key, before[key]])),
      after: { ...Object.fromEntries(keys.map((key) => [key, after[key]])), ...(change.settled.length > 0 ? { settled: change.settled } : {}) },
    });
    return shownRow((await findRow(trx, row.id)) as BufferRow & { is_taken: boolean });
  });
}

function valuesOf(fields: RowChange['fields'], { date }: Color): Partial<Record<ColorField, string | number | null>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, text]) => {
      const { value, doubt } = readField(field as ColorField, text as string, date);
      if (doubt && value === null) throw wrongValue(field, `${JSON.stringify(text)} ${doubt.why}`);
      if (field === 'date' && value === null) throw wrongValue(field, 'is missing');
      return [field, value];
    }),
  );
}

function checked(color: object): Color {
  const parsed = Color.safeParse(color);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrongValue(issue?.path.join('.') ?? '', issue?.message ?? 'is wrong');
}

function wrongValue(field: string, message: string): InvalidInput {
  return new InvalidInput('color_buffer.value', `${field}: ${message}.`, {
    hint: 'Give another value, or an empty one to clear the field.',
    details: { faults: [{ path: `body.fields.${field}`, message, severity: 'error' }] },
  });
}

/** @returns how many there were; those that somebody works with stay */
export function removeRows(
  { databases }: BufferDeps,
  actor: Actor,
  what: { ids?: string[] | undefined; duplicates?: true | undefined },
): Promise<{ changed: number }> {
  requirePermission(actor, 'color.edit');
  if ((what.ids === undefined) === (what.duplicates === undefined))
    throw new InvalidInput('color_buffer.which', 'Say either which colors, or that all duplicates are meant.', { hint: 'Give ids, or duplicates: true.' });
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const rows = await lockFree(trx, { workspaceId: actor.workspaceId, ids: what.ids, duplicates: what.duplicates === true });
    const changed = await markRemoved(trx, { ids: rows.map(({ id }) => id), by: actor.label });
    await recordMany(trx, actor, { action: 'color.removed', rows, about: what.duplicates ? { duplicates: true } : {} });
    return { changed };
  });
}

export function restoreRows({ databases }: BufferDeps, actor: Actor, { ids }: { ids: string[] }): Promise<{ changed: number }> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const changed = await markRemoved(trx, { ids, by: null });
    if (changed > 0)
      await recordAudit(trx, actor, {
        action: 'color.restored',
        object: { type: 'color', id: ids[0] as string, title: titleOf(changed) },
        after: { rows: changed, ids },
      });
    return { changed };
  });
}

/** Accepts what was offered for one field, of every free row or of these. A repair that is no value any more stays a doubt. */
export function repairRows(
  { databases }: BufferDeps,
  actor: Actor,
  { field, why, ids }: { field: ColorField; why?: string | undefined; ids?: string[] | undefined },
): Promise<{ changed: number }> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const rows = await lockFree(trx, { workspaceId: actor.workspaceId, ids, doubt: { field, why } });
    const repaired = rows.flatMap((row) => repairOf(row, field));
    if (repaired.length > 0) await changeField(trx, { field, rows: repaired });
    const changed = new Set(repaired.map(({ id }) => id));
    await recordMany(trx, actor, {
      action: 'color.repaired',
      rows: rows.filter(({ id }) => changed.has(id)),
      about: { field, ...(why === undefined ? {} : { why }) },
    });
    return { changed: repaired.length };
  });
}

function repairOf(row: BufferRow, field: ColorField): { id: string; value: string | number | null; sameness: Buffer }[] {
  const color = colorOfRow(row);
  const { value } = readField(field, row.doubts[field]?.repair ?? '', color.date);
  const after = Color.safeParse({ ...color, [field]: value });
  return value !== null && after.success ? [{ id: row.id, value, sameness: samenessOf(after.data) }] : [];
}

async function recordMany(
  trx: WorkspaceTransaction,
  actor: Actor,
  { action, rows, about }: { action: 'color.removed' | 'color.repaired'; rows: readonly BufferRow[]; about: object },
): Promise<void> {
  const [first] = rows;
  if (first)
    await recordAudit(trx, actor, {
      action,
      object: { ...objectOf(first), ...(rows.length > 1 ? { title: titleOf(rows.length) } : {}) },
      after: { ...about, rows: rows.length, ...(rows.length <= 1_000 ? { ids: rows.map(({ id }) => id) } : {}) },
    });
}

function titleOf(count: number): string {
  return `${count} ${count === 1 ? 'color' : 'colors'}`;
}
function objectOf(row: BufferRow) {
  return { type: 'color', id: row.id, title: row.cusip ?? row.isin ?? row.ticker ?? `line ${row.line}` };
}
function without(doubts: ColorDoubts, fields: readonly string[]): ColorDoubts {
  return Object.fromEntries(Object.entries(doubts).filter(([field]) => !fields.includes(field)));
}

async function notFree(trx: WorkspaceTransaction, id: string): Promise<Conflict | NotFound> {
  const row = await findRow(trx, id);
  if (!row)
    return new NotFound('color.unknown', 'This color does not wait in the buffer.', { hint: 'It may have been processed meanwhile: look under processings.' });
  if (row.removed_at !== null) return new Conflict('color_buffer.removed', 'This color was taken out of the buffer.', { hint: 'Put it back first.' });
  return new Conflict('color_buffer.taken', `${row.taken_by_session === null ? 'A run' : 'A session'} works with this color.`, { hint: 'Wait for its end.' });
}

export function shownRow(row: BufferRow & { is_taken: boolean }): WaitingColor {
  const taken = row.taken_by_session ?? (row.is_taken ? row.taken_by_run : null);
  return {
    ...colorOfRow(row),
    id: row.id,
    upload: row.upload_id,
    line: row.line,
    doubts: row.doubts,
    duplicateOf: row.duplicate_of,
    takenBy: taken === null ? null : { kind: row.taken_by_session === null ? 'run' : 'session', id: taken },
    removedAt: row.removed_at?.toISOString() ?? null,
    removedBy: row.removed_by,
    revision: row.revision,
  };
}
