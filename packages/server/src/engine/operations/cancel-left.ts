// Goes on with the cancellation of a backfill or a performance test whose process ended before it came to all of its runs.
import { type CancelDependencies, cancelAsked } from '../runs/cancel-asked.ts';

interface Left {
  kind: 'backfill' | 'performance_test';
  id: string;
  workspace_id: string;
  by: string;
}

/** Not at once: whoever cancels is mostly at it. The supervisor calls it now and then. */
export async function cancelLeft(deps: CancelDependencies): Promise<void> {
  const pool = deps.databases.enginePool;
  const due = `is_cancelling and cancelled_at < now() - interval '10 seconds'`;
  const { rows } = await pool.query<Left>(
    `select 'backfill' as kind, id, workspace_id, cancelled_by as by from backfill where ${due}
     union all select 'performance_test', id, workspace_id, cancelled_by from performance_test where ${due} limit 100`,
  );
  for (const left of rows) await cancelRunsOf(deps, left);
}

async function cancelRunsOf(deps: CancelDependencies, { kind, id, workspace_id: workspaceId, by }: Left): Promise<void> {
  const pool = deps.databases.enginePool;
  // The newest first: what is held must be gone before the one in front of it ends.
  const { rows } = await pool.query<{ id: string }>(
    `select r.id from run r join ${kind} o on o.workspace_id = r.workspace_id and o.flow_id = r.flow_id
     where o.id = $1 and r.state in ('queued', 'running') and r.idempotency_key = any(${keysOf[kind]}) order by r.id desc`,
    [id],
  );
  for (const { id: run } of rows) await cancelAsked(deps, { actor: { userId: null, label: by, workspaceId }, run, error: null });
  await pool.query(`update ${kind} set is_cancelling = false where id = $1`, [id]);
}

/** As `keyOf` of each makes them. */
const keysOf: Record<Left['kind'], string> = {
  backfill: `array(select 'backfill ' || o.id || ' ' || date from unnest(o.dates) as date)`,
  performance_test: `array(select 'performance ' || o.id || ' ' || place from generate_series(0, o.runs - 1) as place)`,
};
