import { sql } from 'kysely';
import type { Databases } from '../../storage/database.ts';

export interface CredentialUse {
  workspaceId: string;
  credentialId: string;
  /** The connection's slug. */
  connection: string;
  runId: string | null;
  at: Date;
}

/** What was removed in between is left out. At most one row for each credential and connection. */
export async function saveUses({ engine }: Databases, uses: readonly CredentialUse[]): Promise<void> {
  const column = <T>(pick: (use: CredentialUse) => T) => uses.map(pick);
  await sql`
    insert into credential_use (workspace_id, credential_id, connection, run_id, used_at)
    select c.workspace_id, c.id, n.connection, n.run, n.at
    from unnest(${column((use) => use.workspaceId)}::uuid[], ${column((use) => use.credentialId)}::uuid[], ${column((use) => use.connection)}::text[],
      ${column((use) => use.runId)}::uuid[], ${column((use) => use.at)}::timestamptz[]) as n(workspace, credential, connection, run, at)
    join credential c on c.workspace_id = n.workspace and c.id = n.credential
    order by c.workspace_id, c.id, n.connection
    on conflict (workspace_id, credential_id, connection) do update set
      run_id = case when excluded.used_at >= credential_use.used_at then excluded.run_id else credential_use.run_id end,
      used_at = greatest(credential_use.used_at, excluded.used_at)`.execute(engine);
}
