// The SQL of last contacts: how steps and tests reached hosts.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { sql } from 'kysely';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';

/** How a step fared with a host. */
export interface Contact {
  workspaceId: string;
  targetId: string;
  runId: string;
  /** Why it was not reached; null: it was. */
  why: string | null;
  /** Milliseconds of our own clock. */
  at: number;
}

/** What is newer stays, and of a host that was changed meanwhile nothing is kept: it may lead elsewhere now. Ages, because our clock need not be that of the database. */
export async function saveContacts({ engine }: Databases, contacts: readonly Contact[], now: number): Promise<void> {
  const column = <T>(pick: (contact: Contact) => T) => contacts.map(pick);
  await sql`
    with told as (
      select n.workspace, n.target, n.why, now() - n.age * interval '1 millisecond' as at, coalesce(f.slug || ' #' || r.number, 'a run') as who
      from unnest(${column((one) => one.workspaceId)}::uuid[], ${column((one) => one.targetId)}::uuid[], ${column((one) => one.runId)}::uuid[],
        ${column((one) => one.why)}::text[], ${column((one) => Math.max(0, now - one.at))}::float8[]) as n(workspace, target, run, why, age)
      left join run r on r.id = n.run
      left join flow f on f.id = r.flow_id
    ), held as (
      select t.workspace_id, t.id from target t join told on told.workspace = t.workspace_id and told.target = t.id
      where told.at > coalesce(t.contact_at, '-infinity') and told.at >= t.updated_at
      order by t.workspace_id, t.id for no key update of t
    )
    update target t set
      contact_ok = told.why is null, contact_at = told.at, contact_by = told.who,
      reached_at = case when told.why is null then told.at else t.reached_at end,
      failed_at = case when told.why is null then t.failed_at else told.at end,
      failed_by = case when told.why is null then t.failed_by else told.who end,
      failed_why = coalesce(told.why, t.failed_why)
    from told join held on held.workspace_id = told.workspace and held.id = told.target
    where t.workspace_id = held.workspace_id and t.id = held.id`.execute(engine);
}

/** How a test went: kept whole, for the page of the host shows it. */
export async function keepTest(trx: WorkspaceTransaction, id: string, { result, by }: { result: TestResult; by: string }): Promise<void> {
  const failed = result.checks.find((check) => !check.ok);
  const at = sql<Date>`now()`;
  const told = result.ok ? { reached_at: at } : { failed_at: at, failed_by: by, failed_why: failed ? `${failed.name}: ${failed.detail}` : 'The test failed.' };
  await trx
    .updateTable('target')
    .set({ contact_ok: result.ok, contact_at: at, contact_by: by, tested_at: at, tested_by: by, contact: JSON.stringify(result), ...told })
    .where('id', '=', id)
    .execute();
}

/** Somebody asked the host itself and got an answer. */
export async function keepReached(trx: WorkspaceTransaction, id: string, by: string): Promise<void> {
  const at = sql<Date>`now()`;
  await trx.updateTable('target').set({ contact_ok: true, contact_at: at, contact_by: by, reached_at: at }).where('id', '=', id).execute();
}

export async function keepFailure(trx: WorkspaceTransaction, id: string, { by, why }: { by: string; why: string }): Promise<void> {
  const at = sql<Date>`now()`;
  await trx
    .updateTable('target')
    .set({ contact_ok: false, contact_at: at, contact_by: by, failed_at: at, failed_by: by, failed_why: why })
    .where('id', '=', id)
    .execute();
}
