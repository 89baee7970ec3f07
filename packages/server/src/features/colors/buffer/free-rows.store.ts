// Which rows of the buffer are free: nobody took them out, no session holds them, and no run that may still keep them does.
import { finalRunStates } from '@tidewheel/contract/run';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** A condition on `color_buffer`; a run that ended without keeping has let its rows go. */
export const isHeldByRun: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.taken_by_run is not null and exists (
  select 1 from run where run.workspace_id = color_buffer.workspace_id and run.id = color_buffer.taken_by_run and run.state not in (${sql.join(finalRunStates)})))`;
export const isTaken: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.taken_by_session is not null or ${isHeldByRun})`;
export const isFree: RawBuilder<SqlBool> = sql<SqlBool>`(color_buffer.removed_at is null and not ${isTaken})`;
