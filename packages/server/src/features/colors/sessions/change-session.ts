// Every change of the rows of a session: checked against what was seen, made in one statement, kept as an entry.
import type { SessionAction, SessionChanged, SessionFilter } from '@tidewheel/contract/color-session';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { deskDay } from '../desk-day.store.ts';
import { blockOf, valuesOf } from './cell-values.ts';
import { changeRows, findChangedIds, findOthersChanges, findStale, inFamilies, placesTable, type RowsChange } from './change-rows.store.ts';
import { type Effect, effects, isAmong, theseRows } from './row-effects.store.ts';
import { openSession, whoIs } from './session-access.ts';
import { conditionOf, findRowsById, shownRow } from './session-rows.store.ts';
import { insertEntry, type NewEntry, type SessionRecord } from './sessions.store.ts';

export interface SessionChange {
  id: string;
  action: SessionAction;
  rows?: { id: string; revision: number }[] | undefined;
  filter?: SessionFilter | undefined;
  seen?: number | undefined;
}

/** @throws Conflict with the rows as they are now when somebody else changed one of them since it was seen */
export function changeSessionRows({ databases }: { databases: Databases }, actor: Actor, change: SessionChange): Promise<SessionChanged> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, change.id);
    const where = await selected(trx, actor, { session, change });
    const { action } = change;
    const number = session.revision + 1;
    const effect = await effectOf(trx, { session: session.id, action, where, ids: change.rows?.map(({ id }) => id) });
    const done = { workspaceId: actor.workspaceId, session: session.id, number, ...effect };
    const rows = await changeRows(trx, done);
    if (rows === 0) return { revision: session.revision, changed: 0, rows: [] };
    const what = { ...askedFor(action), ...(change.filter ? { filter: change.filter } : {}) };
    return entered(trx, actor, { session, number, kind: action.kind, what, rows });
  });
}

async function selected(
  trx: WorkspaceTransaction,
  actor: Actor,
  { session, change }: { session: SessionRecord; change: SessionChange },
): Promise<RowsChange['where']> {
  const { rows, filter, seen } = change;
  if (rows !== undefined && filter === undefined) {
    const stale = await findStale(trx, { session: session.id, rows });
    if (stale.length > 0) throw await changedMeanwhile(trx, { session, ids: stale });
    return theseRows(rows.map(({ id }) => id));
  }
  if (filter === undefined || rows !== undefined || seen === undefined)
    throw new InvalidInput('color_session.which', 'Say either which rows, or by which filter and what you saw.', { hint: 'Give rows, or filter and seen.' });
  const where = conditionOf(session.id, filter);
  await requireSeen(trx, actor, { session, seen, where });
  return where;
}

/** @throws Conflict when somebody else changed one of these rows after the revision that was seen */
export async function requireSeen(
  trx: WorkspaceTransaction,
  actor: Actor,
  { session, seen, where }: { session: SessionRecord; seen: number; where: RowsChange['where'] },
): Promise<void> {
  const ids = seen >= session.revision ? [] : await findOthersChanges(trx, { session: session.id, seen, who: whoIs(actor), where });
  if (ids.length > 0) throw await changedMeanwhile(trx, { session, ids });
}

/** What is there now goes with the refusal, so that whoever asked can look and decide. */
export async function changedMeanwhile(trx: WorkspaceTransaction, { session, ids }: { session: SessionRecord; ids: string[] }): Promise<Conflict> {
  const rows = await findRowsById(trx, { session: session.id, ids: ids.slice(0, 50) });
  const many = ids.length === 1 ? 'this row' : 'some of these rows';
  return new Conflict('color_session.changed', `${session.updated_by} changed ${many} since you saw ${ids.length === 1 ? 'it' : 'them'}.`, {
    hint: 'Look at what is there now, then change it.',
    details: { revision: session.revision, rows: rows.map(shownRow) },
  });
}

/** What of an action goes into its entry; the values of a block stand in the changes of its rows. */
function askedFor(action: SessionAction): Record<string, unknown> {
  const { kind: _, ...what } = action;
  return action.kind === 'block' ? { fields: action.fields } : what;
}

async function effectOf(
  trx: WorkspaceTransaction,
  { session, action, where, ids }: { session: string; action: SessionAction; where: RowsChange['where']; ids?: string[] | undefined },
): Promise<Effect> {
  if (action.kind === 'block') return effects.block(ids ?? [], blockOf(action, { rows: ids?.length ?? 0, today: await deskDay(trx) }));
  if (action.kind === 'cells') return effects.cells(where, valuesOf(action.fields, await deskDay(trx)));
  if (action.kind === 'remove' || action.kind === 'restore') return effects.removed(where, action.kind === 'remove');
  if (action.kind === 'color') return effects.colored(where, action.color);
  if (action.kind !== 'move') return effects.excluded(where, action.kind === 'exclude');
  const { before } = action;
  const moved = action.families ? inFamilies(session, where) : where;
  if (before !== null) requireAnchor(await isAmong(trx, { session, id: before, where: moved }));
  return effects.moved(moved, placesTable({ session, where: moved, before }));
}

function requireAnchor(isMoved: boolean | undefined): void {
  if (isMoved === false) return;
  const why = isMoved ? 'Rows cannot be moved before one of themselves.' : 'The row before which they should stand is not in this session.';
  throw new InvalidInput('color_session.before', why, { hint: 'Name another row of the session.' });
}

const mostShown = 200;
export type Entered = Omit<NewEntry, 'workspaceId' | 'session' | 'who' | 'by'> & { session: SessionRecord };

/** Keeps the entry of what was changed. @returns what the caller is told */
export async function entered(trx: WorkspaceTransaction, actor: Actor, { session, ...entry }: Entered): Promise<SessionChanged> {
  const { number, kind, rows } = entry;
  await insertEntry(trx, { ...entry, workspaceId: actor.workspaceId, session: session.id, who: whoIs(actor), by: actor.label });
  const object = { type: 'color_session', id: session.id, title: session.title };
  await recordAudit(trx, actor, { action: 'color_session.changed', object, after: { entry: number, kind, rows } });
  const ids = rows > mostShown ? [] : await findChangedIds(trx, { session: session.id, number, limit: mostShown });
  return { revision: number, changed: rows, rows: (await findRowsById(trx, { session: session.id, ids })).map(shownRow) };
}
