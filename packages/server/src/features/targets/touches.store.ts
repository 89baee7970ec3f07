// The runs that opened a host: written by the engine, read with the rules of runs.
import type { Page } from '@tidewheel/contract/page';
import type { TargetRun } from '@tidewheel/contract/routes/targets';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';

export interface Touch {
  workspaceId: string;
  targetId: string;
  runId: string;
  at: Date;
}

export async function saveTouches({ engine }: Databases, touches: readonly Touch[]): Promise<void> {
  const column = <T>(pick: (touch: Touch) => T) => touches.map(pick);
  await sql`
    insert into target_use (workspace_id, target_id, run_id, used_at)
    select t.workspace_id, t.id, n.run, n.at
    from unnest(${column((one) => one.workspaceId)}::uuid[], ${column((one) => one.targetId)}::uuid[], ${column((one) => one.runId)}::uuid[],
      ${column((one) => one.at)}::timestamptz[]) as n(workspace, target, run, at)
    join target t on t.workspace_id = n.workspace and t.id = n.target
    order by t.workspace_id, t.id, n.run
    on conflict (workspace_id, target_id, run_id) do update set used_at = greatest(target_use.used_at, excluded.used_at)`.execute(engine);
}

/** What rules can say of a run, by the column that holds it. */
export const runColumns = { flow: 'f.slug', folder: 'f.folder', kind: 'f.kind', startedBy: 'r.started_by' };
const newest: Sort = {
  name: 'newest',
  keys: [
    { column: 'u.used_at', type: 'timestamptz', direction: 'desc' },
    { column: 'u.run_id', type: 'uuid', direction: 'desc' },
  ],
};

export async function findTouches(
  trx: WorkspaceTransaction,
  { targetId, permitted }: { targetId: string; permitted: Expression<SqlBool> },
  page: PageRequest,
): Promise<Page<TargetRun>> {
  const query = trx
    .selectFrom('target_use as u')
    .innerJoin('run as r', 'r.id', 'u.run_id')
    .innerJoin('flow as f', 'f.id', 'r.flow_id')
    .select(['r.id', 'r.number', 'f.slug as flow', 'f.title', 'r.state', 'u.used_at'])
    .where('u.target_id', '=', targetId)
    .where(permitted);
  const found = await readPage({ db: trx, query, sort: newest, page });
  return { ...found, items: found.items.map(({ used_at, ...run }) => ({ ...run, at: used_at.toISOString() })) };
}
