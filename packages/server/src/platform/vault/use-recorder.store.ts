import { sql } from 'kysely';
import type { Databases } from '../../storage/database.ts';

export interface CredentialUse {
  workspaceId: string;
  credentialId: string;
  /** The connection's slug, or the id of the host; one of the two. */
  connection?: string;
  target?: string;
  runId: string | null;
  at: Date;
}

/** What was removed in between is left out. At most one row for each credential and connection. */
export async function saveUses(databases: Databases, uses: readonly CredentialUse[]): Promise<void> {
  await saveConnections(
    databases,
    uses.filter((use) => use.connection !== undefined),
  );
  await saveTargets(
    databases,
    uses.filter((use) => use.target !== undefined),
  );
}

async function saveConnections({ engine }: Databases, uses: readonly CredentialUse[]): Promise<void> {
  if (uses.length === 0) return;
  const column = <T>(pick: (use: CredentialUse) => T) => uses.map(pick);
  await sql`
    insert into credential_use (workspace_id, credential_id, connection, run_id, used_at)
    select c.workspace_id, c.id, n.connection, n.run, n.at
    from unnest(${column((use) => use.workspaceId)}::uuid[], ${column((use) => use.credentialId)}::uuid[], ${column((use) => use.connection ?? '')}::text[],
      ${column((use) => use.runId)}::uuid[], ${column((use) => use.at)}::timestamptz[]) as n(workspace, credential, connection, run, at)
    join credential c on c.workspace_id = n.workspace and c.id = n.credential
    order by c.workspace_id, c.id, n.connection
    on conflict (workspace_id, credential_id, connection) do update set
      run_id = case when excluded.used_at >= credential_use.used_at then excluded.run_id else credential_use.run_id end,
      used_at = greatest(credential_use.used_at, excluded.used_at)`.execute(engine);
}

async function saveTargets({ engine }: Databases, uses: readonly CredentialUse[]): Promise<void> {
  if (uses.length === 0) return;
  const column = <T>(pick: (use: CredentialUse) => T) => uses.map(pick);
  await sql`
    insert into credential_target_use (workspace_id, credential_id, target_id, run_id, used_at)
    select c.workspace_id, c.id, t.id, n.run, n.at
    from unnest(${column((use) => use.workspaceId)}::uuid[], ${column((use) => use.credentialId)}::uuid[], ${column((use) => use.target ?? '')}::uuid[],
      ${column((use) => use.runId)}::uuid[], ${column((use) => use.at)}::timestamptz[]) as n(workspace, credential, target, run, at)
    join credential c on c.workspace_id = n.workspace and c.id = n.credential
    join target t on t.workspace_id = n.workspace and t.id = n.target
    order by c.workspace_id, c.id, t.id
    on conflict (workspace_id, credential_id, target_id) do update set
      run_id = case when excluded.used_at >= credential_target_use.used_at then excluded.run_id else credential_target_use.run_id end,
      used_at = greatest(credential_target_use.used_at, excluded.used_at)`.execute(engine);
}
