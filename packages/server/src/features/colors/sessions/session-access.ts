// Who may see and change a session: its owner, whom it is shared with, and who keeps the desk.
import { Conflict, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import { type Actor, may } from '../../../base/actor.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { expectMany } from './session-rows.store.ts';
import { findSession, lockSession, type SessionRecord } from './sessions.store.ts';

export function whoIs({ userId, label }: Actor): string {
  return userId ?? label;
}

export function isMine(actor: Actor, session: Pick<SessionRecord, 'owner'>): boolean {
  return session.owner === whoIs(actor);
}

export function maySee(actor: Actor, session: SessionRecord): boolean {
  return isMine(actor, session) || session.shared !== 'no' || may(actor, 'desk.edit');
}

export function mayChange(actor: Actor, session: SessionRecord): boolean {
  return may(actor, 'color.edit') && (isMine(actor, session) || session.shared === 'edit' || may(actor, 'desk.edit'));
}

/** @throws NotFound */
export async function seenSession(trx: WorkspaceTransaction, actor: Actor, id: string): Promise<SessionRecord> {
  await expectMany(trx);
  const session = await findSession(trx, id);
  if (!session || !maySee(actor, session)) throw unknownSession();
  return session;
}

/** Locked until the transaction ends. @throws NotFound, NotAllowed, Conflict when it is over or a run has it */
export async function openSession(trx: WorkspaceTransaction, actor: Actor, id: string): Promise<SessionRecord> {
  await lockSession(trx, id);
  const session = await seenSession(trx, actor, id);
  if (!mayChange(actor, session))
    throw new NotAllowed('color_session.read_only', `${session.owner_label} shares the session "${session.title}" for reading.`, {
      hint: 'Ask for the right to edit it, or start one of your own.',
    });
  if (session.state !== 'open') throw endedSession(session);
  if (session.is_processing)
    throw new Conflict('color_session.processing', `A run has the session "${session.title}".`, {
      hint: 'Wait for its end, or cancel the run to go on with the session.',
    });
  return session;
}

export function endedSession({ state, title }: Pick<SessionRecord, 'state' | 'title'>): Conflict {
  return new Conflict('color_session.ended', `The session "${title}" was ${state} already.`, { hint: 'Start another one.' });
}

export function unknownSession(): NotFound {
  return new NotFound('color_session.unknown', 'There is no such session here, or it is not shared with you.', { hint: 'Look at the list of sessions.' });
}
