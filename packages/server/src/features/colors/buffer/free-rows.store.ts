// Which rows of the buffer are free: nobody took them out, no session holds them, and no run that may still keep them does.
import { finalRunStates } from '@tidewheel/contract/run';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

/** A condition on `color_buffer`; a run that ended without keeping has let its rows go. */
export const isHeldByRun: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.taken_by_run is not null and exists (
  select 1 from run where run.workspace_id = color_buffer.workspace_id and run.id = color_buffer.taken_by_run and run.state not in (${sql.join(finalRunStates)})))`;
export const isTaken: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.taken_by_session is not null or ${isHeldByRun})`;
export const isFree: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.removed_at is null and not ${isTaken})`;

/** Held until the transaction ends: nobody else takes rows meanwhile, or changes them. */
export async function lockBuffer(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`color_buffer ${workspaceId}`}, 0))`.execute(trx);
}

/**
 * Before free rows are changed or taken, under the lock of the buffer: the runs that let them go have none of theirs any more, so that a run which repeats one of
 * them, and has the rows as they were, cannot keep them.
 * @param which - a condition on `color_buffer`
 */
export async function forgetEndedRuns(trx: WorkspaceTransaction, { workspaceId, which }: { workspaceId: string; which: RawBuilder<SqlBool> }): Promise<void> {
  await sql`update color_buffer set taken_by_run = null, taken_by_step = null where workspace_id = ${workspaceId} and taken_by_run in (
    select taken_by_run from color_buffer where workspace_id = ${workspaceId} and taken_by_run is not null and ${isFree} and ${which})`.execute(trx);
}
