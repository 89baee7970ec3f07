// When a run began. What its expressions take for now may lie weeks back: the moment that a schedule made up for, or the run that it repeats.
import { sql } from 'kysely';
import type { Databases } from '../../../storage/database.ts';

/** Never after now by the clock of the database, though the worker that wrote it has one of its own. */
export async function findRunStart({ engine }: Pick<Databases, 'engine'>, { workspaceId, runId }: { workspaceId: string; runId: string }): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select least(coalesce(max(coalesce(started_at, created_at)), now()), now()) as at
    from run where workspace_id = ${workspaceId} and id = ${runId}`.execute(engine);
  return (rows[0] as { at: Date }).at;
}
