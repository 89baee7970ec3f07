// The runs below a step, as it sees them.
import type { StoredError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type pg from 'pg';
import type { Runner } from '../job-queue.ts';

export interface ParentRef {
  run: string;
  step: string;
  attempt: number;
}

export interface Counts {
  started: number;
  live: number;
  succeeded: number;
  /** Cancelled ones too: they did not do what they were for. */
  failed: number;
  cancelled: number;
}

/** `now`: by the clock of the database. */
export async function countChildren(pool: pg.Pool, { run, step, attempt }: ParentRef): Promise<Counts & { now: Date }> {
  const { rows } = await pool.query<Counts & { now: Date }>(
    `select count(*)::int as started, (count(*) filter (where finished_at is null))::int as live, (count(*) filter (where state = 'succeeded'))::int as succeeded,
       (count(*) filter (where state in ('failed', 'cancelled')))::int as failed, (count(*) filter (where state = 'cancelled'))::int as cancelled,
       clock_timestamp() as now
     from run where parent_id = $1 and parent_step = $2 and parent_attempt = $3`,
    [run, step, attempt],
  );
  return rows[0] ?? { started: 0, live: 0, succeeded: 0, failed: 0, cancelled: 0, now: new Date() };
}

export interface ChildEnd {
  id: string;
  number: number;
  item: number;
  state: string;
  output: Record<string, unknown> | null;
  error: StoredError | null;
}

const endColumns = 'id, number, item, state, output, error';

/** The newest one. */
export async function lastChild(pool: pg.Pool, { run, step, attempt }: ParentRef): Promise<ChildEnd | null> {
  const { rows } = await pool.query<ChildEnd>(
    `select ${endColumns} from run where parent_id = $1 and parent_step = $2 and parent_attempt = $3 order by item desc limit 1`,
    [run, step, attempt],
  );
  return rows[0] ?? null;
}

/** The first of those that did not succeed. */
export async function failedChildren(pool: pg.Pool, { run, step, attempt }: ParentRef): Promise<ChildEnd[]> {
  const { rows } = await pool.query<ChildEnd>(
    `select ${endColumns} from run where parent_id = $1 and parent_step = $2 and parent_attempt = $3 and state in ('failed', 'cancelled') order by item limit 3`,
    [run, step, attempt],
  );
  return rows;
}

/** What all of them gave, in the order of the items; null when it takes more than so many bytes. */
export async function childOutputs(pool: pg.Pool, { parent, limit }: { parent: ParentRef; limit: number }): Promise<(Record<string, unknown> | null)[] | null> {
  const { run, step, attempt } = parent;
  const of = 'from run where parent_id = $1 and parent_step = $2 and parent_attempt = $3';
  const { rows: sizes } = await pool.query<{ bytes: number }>(`select coalesce(sum(octet_length(output::text) + 1), 0)::int8 as bytes ${of}`, [
    run,
    step,
    attempt,
  ]);
  if (Number(sizes[0]?.bytes ?? 0) > limit) return null;
  const { rows } = await pool.query<{ output: Record<string, unknown> | null }>(`select output ${of} order by item`, [run, step, attempt]);
  return rows.map((row) => row.output);
}

/** Whether runs may be started below a step now: its run is neither paused nor over, and of one that is being cancelled only what cleans up may. Held until the transaction ends, so that who asks for that sees them. */
export async function mayStartBelow(runner: Runner, { run, cleansUp }: { run: string; cleansUp: boolean }): Promise<boolean> {
  const { rowCount } = await runner.query(
    `select 1 from run where id = $1 and (state = 'running' or ($2 and state = 'cancelling' and not cancel_forced)) and paused_at is null for share`,
    [run, cleansUp],
  );
  return rowCount === 1;
}

export interface ParentRow {
  flow_id: string;
  version_id: string;
  document: FlowDocument | null;
  rerun_of: string | null;
  reuse: string[] | null;
}

/** What runs below another one have from it. */
export async function readParent(pool: pg.Pool, run: string): Promise<ParentRow | null> {
  const { rows } = await pool.query<ParentRow>('select flow_id, version_id, document, rerun_of, reuse from run where id = $1', [run]);
  return rows[0] ?? null;
}

export interface TargetFlow {
  flow_id: string;
  version_id: string | null;
  document: FlowDocument | null;
  off_at: Date | null;
  archived_at: Date | null;
}

export async function findFlow(pool: pg.Pool, { workspace, slug }: { workspace: string; slug: string }): Promise<TargetFlow | null> {
  const { rows } = await pool.query<TargetFlow>(
    `select f.id as flow_id, v.id as version_id, v.document, f.off_at, f.archived_at from flow f
     left join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.newest_version
     where f.workspace_id = $1 and f.slug = $2`,
    [workspace, slug],
  );
  return rows[0] ?? null;
}

/** What steps around a run had left when it began: for its expressions and inputs, outermost first. */
export async function readOuterFacts(pool: pg.Pool, run: string): Promise<{ step_id: string; state: string; output: unknown; depth: number }[]> {
  const { rows } = await pool.query<{ step_id: string; state: string; output: unknown; depth: number }>(
    `with recursive around as (
       select parent_id as id, 1 as depth from run where id = $1 and parent_id is not null and (part is not null or document is not null)
       union all
       select r.parent_id, a.depth + 1 from around a join run r on r.id = a.id where r.parent_id is not null and (r.part is not null or r.document is not null))
     select s.step_id, s.state, s.output, a.depth from around a join step_run s on s.run_id = a.id
     where s.state in ('succeeded', 'failed', 'skipped', 'cancelled', 'compensated') order by a.depth desc`,
    [run],
  );
  return rows;
}
