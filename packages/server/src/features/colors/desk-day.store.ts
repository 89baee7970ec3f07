// The day it is at the desk: UTC is a day ahead in the evening of New York, and a day behind in the morning of Tokyo.
import { sql } from 'kysely';
import { dateInZone } from '../../base/clock.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';

/** Where the flow of the desk is that its settings name; else the one whose run was processed last; else UTC. */
export async function deskTimeZone(trx: WorkspaceTransaction): Promise<string> {
  const { rows } = await sql<{ zone: string | null }>`select coalesce(
      (select v.document ->> 'timeZone' from color_settings s
        join flow f on f.workspace_id = s.workspace_id and f.id = s.flow_id
        join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.newest_version),
      (select v.document ->> 'timeZone' from color_processing p
        join run r on r.workspace_id = p.workspace_id and r.id = p.run_id
        join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id order by p.number desc limit 1)) as zone`.execute(trx);
  return rows[0]?.zone ?? 'UTC';
}

/** @returns YYYY-MM-DD */
export async function deskDay(trx: WorkspaceTransaction): Promise<string> {
  return dateInZone(new Date(), await deskTimeZone(trx));
}
