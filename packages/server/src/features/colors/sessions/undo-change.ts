// Takes changes back and brings them again: entries of their own, made only when nobody went on with their rows.
import type { SessionChanged } from '@tidewheel/contract/color-session';
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { findMovedOn, replayEntry } from './change-rows.store.ts';
import { changedMeanwhile, entered } from './change-session.ts';
import { openSession, whoIs } from './session-access.ts';
import { type EntryRecord, findEntry, findNextSteps, findStanding, type SessionRecord } from './sessions.store.ts';

interface Deps {
  databases: Databases;
}

interface Undoing {
  id: string;
  entry?: number | undefined;
  /** With all that stands of what came after it. */
  andLater?: boolean | undefined;
}

/** @throws NotFound, Conflict when there is nothing, or somebody changed its rows since */
export function undoChange({ databases }: Deps, actor: Actor, { id, entry, andLater = false }: Undoing): Promise<SessionChanged> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, id);
    if (andLater) return undoFrom(trx, actor, { session, entry: entry ?? null });
    const wanted = entry ?? (await findNextSteps(trx, { session: id, who: whoIs(actor) })).undo;
    if (wanted === null) throw nothing('undo');
    const found = await existing(trx, id, wanted);
    if (found.kind === 'undo' || found.kind === 'redo' || found.is_undone)
      throw new Conflict('color_session.undone', `Entry ${wanted} does not stand, so there is nothing to take back.`, {
        hint: 'Look at the entries of the session.',
      });
    return replay(trx, actor, { session, found, kind: 'undo' });
  });
}

async function undoFrom(
  trx: WorkspaceTransaction,
  actor: Actor,
  { session, entry }: { session: SessionRecord; entry: number | null },
): Promise<SessionChanged> {
  if (entry === null) throw new InvalidInput('color_session.entry', 'It is not said from which entry on.', { hint: 'Name the first entry to take back.' });
  await existing(trx, session.id, entry);
  let done: SessionChanged | undefined;
  let changed = 0;
  for (const found of await findStanding(trx, { session: session.id, from: entry })) {
    done = await replay(trx, actor, { session: { ...session, revision: done?.revision ?? session.revision }, found, kind: 'undo' });
    changed += done.changed;
  }
  if (done === undefined) throw nothing('undo');
  // Rows may be in several of them; whoever asked reads them anew.
  return { revision: done.revision, changed, rows: [] };
}

export function redoChange({ databases }: Deps, actor: Actor, id: string): Promise<SessionChanged> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, id);
    const { redo } = await findNextSteps(trx, { session: id, who: whoIs(actor) });
    if (redo === null) throw nothing('redo');
    return replay(trx, actor, { session, found: await existing(trx, id, redo), kind: 'redo' });
  });
}

async function replay(
  trx: WorkspaceTransaction,
  actor: Actor,
  { session, found, kind }: { session: SessionRecord; found: EntryRecord; kind: 'undo' | 'redo' },
): Promise<SessionChanged> {
  const to = kind === 'undo' ? 'before' : 'after';
  const ids = await findMovedOn(trx, { session: session.id, entry: found.number, to });
  if (ids.length > 0) throw await changedMeanwhile(trx, { session, ids });
  const number = session.revision + 1;
  const rows = await replayEntry(trx, { workspaceId: actor.workspaceId, session: session.id, entry: found.number, to, number });
  const sets = found.rule_sets;
  const ruleSets = sets && (kind === 'undo' ? { before: sets.after, after: sets.before } : sets);
  return entered(trx, actor, { session, number, kind, what: { of: found.kind }, rows, ofEntry: found.number, ruleSets });
}

async function existing(trx: WorkspaceTransaction, session: string, number: number): Promise<EntryRecord> {
  const found = await findEntry(trx, { session, number });
  if (found) return found;
  throw new NotFound('color_session.no_entry', `The session has no entry ${number}.`, { hint: 'Look at the entries of the session.' });
}

function nothing(what: string): Conflict {
  return new Conflict(`color_session.no_${what}`, `There is nothing of yours to ${what}.`, { hint: 'What others changed can be taken back by its entry.' });
}
