// The SQL of the mails about approvals, as the engine role: they span workspaces.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';

export interface Untold {
  workspace_id: string;
  /** Its slug. */
  workspace: string;
  id: string;
  title: string;
  flow: string;
  number: number;
  step: string;
  quorum: number;
  until_at: Date | null;
  approvers: string[];
  requesters: string[];
}

export async function findUntold(engine: Kysely<Database>): Promise<Untold[]> {
  const { rows } = await sql<Untold>`
    select a.workspace_id, w.slug as workspace, a.id, a.title, f.slug as flow, r.number, a.step_id as step, a.quorum, a.until_at, a.approvers, a.requesters
    from approval a join workspace w on w.id = a.workspace_id join run r on r.id = a.run_id join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id
    where a.told_at is null and a.ended_at is null order by a.id limit 100`.execute(engine);
  return rows;
}

/** @returns false when another process was first, or it is over */
export async function noteTold(trx: Transaction<Database>, id: string): Promise<boolean> {
  const done = await trx
    .updateTable('approval')
    .set({ told_at: new Date() })
    .where('id', '=', id)
    .where('told_at', 'is', null)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}
