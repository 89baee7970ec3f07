// Sessions of the desk: started over free rows, shown, shared, ranked again, discarded.
import {
  type ColorSession,
  type ColorSessionDetail,
  mostSessionRows,
  type SessionChanged,
  type SessionEntry,
  type SessionFilter,
  type SessionRow,
  type sessionShares,
  type sessionStates,
} from '@tidewheel/contract/color-session';
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import { type Actor, may, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import type { TableEngine } from '../../../storage/tables/table-engine.ts';
import { deskDay } from '../desk-day.store.ts';
import { findRuleSet } from '../rules/rules.store.ts';
import { changeRows } from './change-rows.store.ts';
import { entered, requireSeen } from './change-session.ts';
import { copyHeld, findInputs, holdRows, placeFirst, withRules } from './rank-rows.store.ts';
import { rankRows } from './rank-rows.ts';
import { anyRow, effects } from './row-effects.store.ts';
import { endedSession, isMine, mayChange, openSession, seenSession, whoIs } from './session-access.ts';
import { countRows, expectMany, findWindow, shownRow } from './session-rows.store.ts';
import { changeSession, findEntries, findNextSteps, findSessions, insertSession, meet, releaseSession, type SessionRecord } from './sessions.store.ts';

export interface SessionDeps {
  databases: Databases;
  tables: TableEngine;
}

export interface StartSession {
  title?: string | undefined;
  uploads: string[];
  sources: string[];
  rules?: string[] | undefined;
  duplicates: 'take' | 'leave';
}

/** @throws Conflict when nothing is free */
export function startSession(
  { databases, tables }: SessionDeps,
  actor: Actor,
  { title, uploads, sources, rules, duplicates }: StartSession,
): Promise<ColorSessionDetail> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    await expectMany(trx);
    const { workspaceId } = actor;
    const id = newId();
    const ruleSet = withRules(await findRuleSet(trx), rules);
    const held = await holdRows(trx, { workspaceId, session: id, uploads, sources });
    if (held === 0 || held > mostSessionRows) throw notSo(held);
    const today = await deskDay(trx);
    await insertSession(trx, { workspaceId, id, title: title ?? `Colors of ${today}`, owner: whoIs(actor), by: actor.label, ruleSet, rows: held });
    await copyHeld(trx, { workspaceId, session: id, leaveDuplicates: duplicates === 'leave' });
    await placeFirst(trx, { session: id, rows: await rankRows(tables, { rows: await findInputs(trx, id), ruleSet, today }) });
    const session = await seenSession(trx, actor, id);
    await recordAudit(trx, actor, { action: 'color_session.started', object: objectOf(session), after: { rows: held } });
    return detailOf(trx, actor, session);
  });
}

function notSo(held: number): Conflict {
  if (held === 0)
    return new Conflict('color_session.nothing_free', 'No colors that would fit are free in the buffer.', {
      hint: 'Bring some, or look who works with those that are there.',
    });
  return new Conflict('color_session.too_many', `${held.toLocaleString('en')} colors are more than one session takes.`, {
    hint: `Choose uploads or sources with at most ${mostSessionRows.toLocaleString('en')}.`,
    details: { rows: held, most: mostSessionRows },
  });
}

export function listSessions(
  { databases }: Pick<SessionDeps, 'databases'>,
  actor: Actor,
  { state, ...page }: PageRequest & { state?: (typeof sessionStates)[number] | undefined },
): Promise<Page<ColorSession>> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const found = await findSessions(trx, { state, owner: may(actor, 'desk.edit') ? null : whoIs(actor) }, page);
    return { ...found, items: found.items.map((session) => shownSession(actor, session)) };
  });
}

/** @throws NotFound */
export function showSession({ databases }: Pick<SessionDeps, 'databases'>, actor: Actor, id: string): Promise<ColorSessionDetail> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => detailOf(trx, actor, await seenSession(trx, actor, id)));
}

export function updateSession(
  { databases }: Pick<SessionDeps, 'databases'>,
  actor: Actor,
  { id, ...change }: { id: string; title?: string | undefined; shared?: (typeof sessionShares)[number] | undefined },
): Promise<ColorSessionDetail> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, id);
    const before = { title: session.title, shared: session.shared };
    const after = { title: change.title ?? session.title, shared: change.shared ?? session.shared };
    if (before.title !== after.title || before.shared !== after.shared) {
      await changeSession(trx, { id, ...after, by: actor.label });
      await recordAudit(trx, actor, { action: 'color_session.updated', object: objectOf({ id, title: after.title }), before, after });
    }
    return detailOf(trx, actor, await seenSession(trx, actor, id));
  });
}

export function listRows(
  { databases }: Pick<SessionDeps, 'databases'>,
  actor: Actor,
  { id, ...window }: SessionFilter & { id: string; from: number; limit: number },
): Promise<{ rows: SessionRow[]; total: number; revision: number }> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { revision } = await seenSession(trx, actor, id);
    const { rows, total } = await findWindow(trx, { session: id, ...window });
    return { rows: rows.map(shownRow), total, revision };
  });
}

/** Reads its rows, ranks them outside of the database and writes what became different, as one entry. */
export function rankSession(
  { databases, tables }: SessionDeps,
  actor: Actor,
  { id, rules, reorder, seen }: { id: string; rules?: string[] | undefined; reorder: boolean; seen: number },
): Promise<SessionChanged> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, id);
    await requireSeen(trx, actor, { session, seen, where: anyRow });
    const ruleSet = withRules(await findRuleSet(trx), rules);
    const rows = await rankRows(tables, { rows: await findInputs(trx, id), ruleSet, today: await deskDay(trx) });
    const number = session.revision + 1;
    const changed = await changeRows(trx, { workspaceId: actor.workspaceId, session: id, number, ...effects.ranked({ session: id, rows }, reorder) });
    const what = { rules: ruleSet.rules.length, reorder };
    return entered(trx, actor, { session, number, kind: 'rules', what, rows: changed, ruleSets: { before: session.rule_set, after: ruleSet } });
  });
}

export function listEntries(
  { databases }: Pick<SessionDeps, 'databases'>,
  actor: Actor,
  { id, ...page }: PageRequest & { id: string },
): Promise<Page<SessionEntry>> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    await seenSession(trx, actor, id);
    const found = await findEntries(trx, id, page);
    const items = found.items.map(({ number, kind, what, rows, of_entry, is_undone, by_label, at }) => ({
      ...{ number, kind, what, rows, ofEntry: of_entry, isUndone: is_undone, by: by_label, at: at.toISOString() },
    }));
    return { ...found, items };
  });
}

export function meetOthers(
  { databases }: Pick<SessionDeps, 'databases'>,
  actor: Actor,
  { id, row, field }: { id: string; row: string | null; field: string | null },
) {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await seenSession(trx, actor, id);
    const others = await meet(trx, { workspaceId: actor.workspaceId, session: id, who: whoIs(actor), label: actor.label, row, field });
    return { revision: session.revision, state: stateOf(session), others };
  });
}

export function discardSession({ databases }: Pick<SessionDeps, 'databases'>, actor: Actor, id: string): Promise<ColorSession> {
  requirePermission(actor, 'color.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const session = await openSession(trx, actor, id);
    if (session.state !== 'open') throw endedSession(session);
    await releaseSession(trx, { id, by: actor.label });
    await recordAudit(trx, actor, { action: 'color_session.discarded', object: objectOf(session), before: { rows: session.rows } });
    return shownSession(actor, await seenSession(trx, actor, id));
  });
}

export function objectOf({ id, title }: Pick<SessionRecord, 'id' | 'title'>) {
  return { type: 'color_session', id, title };
}

export async function detailOf(trx: WorkspaceTransaction, actor: Actor, session: SessionRecord): Promise<ColorSessionDetail> {
  const rules = session.rule_set.rules.map(({ id, title, kind }) => ({ id, title, kind }));
  const next = session.state === 'open' ? await findNextSteps(trx, { session: session.id, who: whoIs(actor) }) : { undo: null, redo: null };
  return { ...shownSession(actor, session), ...(await countRows(trx, session.id)), rules, order: session.rule_set.order, ...next };
}

function stateOf({ state, is_processing }: SessionRecord): ColorSession['state'] {
  return is_processing ? 'processing' : state;
}

function shownSession(actor: Actor, session: SessionRecord): ColorSession {
  const { id, title, shared, revision, rows, processing, run_id, run_number, run_state, flow } = session;
  const run = run_id !== null && run_number !== null && run_state !== null && flow !== null ? { id: run_id, number: run_number, flow, state: run_state } : null;
  return {
    ...{ id, title, shared, revision, rows, processing, run, state: stateOf(session), owner: session.owner_label, mine: isMine(actor, session) },
    mayEdit: session.state === 'open' && !session.is_processing && mayChange(actor, session),
    createdAt: session.created_at.toISOString(),
    updatedAt: session.updated_at.toISOString(),
    updatedBy: session.updated_by,
    endedAt: session.ended_at?.toISOString() ?? null,
  };
}
