// The end of a session, in the transaction that keeps its rows.
import { Conflict } from '@tidewheel/contract/errors';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

interface Closing {
  workspaceId: string;
  runId: string;
  sessionId: string | null;
  sessionRevision?: number;
  /** Of the processing. */
  number: number;
}

/** @throws Conflict when somebody went on with it since its rows were taken: then nothing is kept */
export async function closeSession(trx: WorkspaceTransaction, { workspaceId, runId, sessionId: id, sessionRevision = 0, number }: Closing): Promise<void> {
  if (id === null) return;
  const closed = await trx
    .updateTable('color_session')
    .set({ state: 'processed', processing: number, run_id: runId, ended_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('revision', '=', sessionRevision)
    .returning('id')
    .execute();
  if (closed.length === 0)
    throw new Conflict('color_session.moved_on', 'Somebody went on with the session of this run since its rows were taken.', {
      hint: 'Process the session again.',
    });
  for (const table of ['color_session_row', 'color_session_presence'] as const)
    await trx.deleteFrom(table).where('workspace_id', '=', workspaceId).where('session_id', '=', id).execute();
}
