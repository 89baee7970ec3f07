// The SQL of runs as people see and start them. Reads run under row-level security; writes that the engine owns run as the engine.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunOrigin, RunState } from '@tidewheel/contract/run';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type pg from 'pg';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';
import { flowGate } from '../worker/gate.store.ts';
import type { NewRun } from '../worker/new-run.store.ts';

type Reader = Kysely<Database> | Transaction<Database>;

/** What rules can say of a run and of what it left, by the column that holds it. Every list is cut to what its reader may see: permittedRows over these. */
export const runColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind', startedBy: 'run.started_by' };
interface Permitted {
  permitted: Expression<SqlBool>;
}

const summaryColumns = [
  'run.id',
  'run.number',
  'run.workspace_id',
  'run.state',
  'run.parameters',
  'run.started_by',
  'run.created_at',
  'run.started_at',
  'run.finished_at',
  'run.rows_in',
  'run.rows_out',
  'run.rejected',
  'run.error',
  'run.rerun_of',
  'run.event_seq',
  'run.parent_id',
  'run.parent_step',
  'run.item',
  'run.mode',
  'run.paused_at',
  'run.held_at',
  'run.output',
  'run.log_seq',
  'run.priority',
  'run.deadline_at',
  'run.origin_kind',
  'run.origin_id',
  'run.origin_slug',
  'run.origin_at',
  'flow.slug as flow',
  'flow.title as flow_title',
  'flow.kind as kind',
  'flow.folder as folder',
  'flow_version.version as version',
] as const;

function summaries(reader: Reader) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .select(summaryColumns)
    .select(sql<unknown>`case when octet_length((run.locals -> 'item')::text) <= 2000 then run.locals -> 'item' end`.as('item_value'));
}

export type SummaryRow = NonNullable<Awaited<ReturnType<typeof findRun>>>;

export function findRun(reader: Reader, id: string) {
  return summaries(reader).where('run.id', '=', id).executeTakeFirst();
}

/** For the engine's roles, which see every workspace. */
export function findRuns(reader: Reader, { workspaceId, ids }: { workspaceId: string; ids: string[] }) {
  return summaries(reader).where('run.workspace_id', '=', workspaceId).where('run.id', 'in', ids).execute();
}

export interface RunFilter {
  flow?: string | undefined;
  state?: RunState | undefined;
  kind?: FlowDocument['kind'] | undefined;
  origin?: RunOrigin['kind'] | 'person' | undefined;
  /** Slugs of what started them. */
  schedule?: string | undefined;
  trigger?: string | undefined;
  /** The runs below this one, instead of those that somebody or something started. */
  parent?: string | undefined;
  /** Of these, those of one step. */
  step?: string | undefined;
}

function filtered(reader: Reader, { flow, state, kind, parent, step, permitted, ...by }: RunFilter & Permitted) {
  let query = summaries(reader).where(permitted);
  query = parent === undefined ? query.where('run.parent_id', 'is', null) : query.where('run.parent_id', '=', parent);
  if (step !== undefined) query = query.where('run.parent_step', '=', step);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (kind !== undefined) query = query.where('flow.kind', '=', kind);
  if (state !== undefined) query = query.where('run.state', '=', state);
  return startedBy(query, by);
}

function startedBy(query: ReturnType<typeof summaries>, { origin, schedule, trigger }: Pick<RunFilter, 'origin' | 'schedule' | 'trigger'>) {
  let found = query;
  if (origin === 'person') found = found.where('run.origin_kind', 'is', null);
  else if (origin !== undefined) found = found.where('run.origin_kind', '=', origin);
  if (schedule !== undefined) found = found.where('run.origin_kind', '=', 'schedule').where('run.origin_slug', '=', schedule);
  if (trigger !== undefined) found = found.where('run.origin_kind', '=', 'trigger').where('run.origin_slug', '=', trigger);
  return found;
}

const newestRun: Sort = { name: 'newest', keys: [{ column: 'run.id', type: 'uuid', direction: 'desc' }] };

export function listRuns(reader: Reader, { cursor, limit, ...filter }: RunFilter & Permitted & PageRequest) {
  return readPage({ db: reader, query: filtered(reader, filter), sort: newestRun, page: { cursor, limit } });
}

export function findSteps(reader: Reader, run: string) {
  return reader
    .selectFrom('step_run')
    .where('run_id', '=', run)
    .select([
      'step_id',
      'use',
      'state',
      'reason',
      'attempt',
      'worker_id',
      'started_at',
      'finished_at',
      'output',
      'error',
      'progress',
      'reused_from',
      sql<boolean>`preview is not null`.as('has_preview'),
    ])
    .execute();
}

/** What steps of a run wait for now. */
export function findWaits(reader: Reader, run: string) {
  return reader
    .selectFrom('step_wait')
    .where('run_id', '=', run)
    .where('ended_at', 'is', null)
    .select(['step_id', 'id', 'kind', 'name', 'reason', 'opened_at', 'until_at', sql<number | null>`(data ->> 'total')::int`.as('total')])
    .execute();
}

/** How the runs below each step of a run stand; of the newest attempt only. */
export async function countBelow(reader: Reader, run: string) {
  const { rows } = await sql<{ step: string; running: number; succeeded: number; failed: number; cancelled: number }>`
    with newest as (select parent_step, max(parent_attempt) as parent_attempt from run where parent_id = ${run} group by parent_step)
    select parent_step as step, (count(*) filter (where finished_at is null))::int as running, (count(*) filter (where state = 'succeeded'))::int as succeeded,
      (count(*) filter (where state = 'failed'))::int as failed, (count(*) filter (where state = 'cancelled'))::int as cancelled
    from run join newest using (parent_step, parent_attempt) where parent_id = ${run}
    group by parent_step`.execute(reader);
  return rows;
}

export function findStep(reader: Reader, { run, step }: { run: string; step: string }) {
  return reader.selectFrom('step_run').where('run_id', '=', run).where('step_id', '=', step).select(['output', 'preview', 'state']).executeTakeFirst();
}

/** What rules can say of a run, and no more. */
export function findRunObject(reader: Reader, run: string) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where('run.id', '=', run)
    .select(['flow.slug as flow', 'flow.folder', 'flow.kind', 'run.started_by'])
    .executeTakeFirst();
}

const holdColumns = ['flow.archived_at', 'flow.off_at', 'flow.off_by', 'flow.off_reason'] as const;

/** What a run was started with, and whether its flow may be started now. */
export function startedWith(reader: Reader, run: string) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .where('run.id', '=', run)
    .select((row) => row.selectFrom('workspace').select('workspace.archived_at').whereRef('workspace.id', '=', 'flow.workspace_id').as('workspace_archived_at'))
    .select(['flow_version.document', 'flow_version.version', 'run.flow_id', 'run.version_id', 'run.parameters', ...holdColumns])
    .select(['run.given', 'run.mode', 'run.priority', 'run.parent_id', 'run.started_by', 'flow.slug as flow', 'flow.folder', 'flow.kind']);
}

export function findDocument(reader: Reader, run: string) {
  return startedWith(reader, run).select(['run.part', 'run.document as made']).executeTakeFirst();
}

/** Unless told the newest versions; those of a flow that has none are null. */
export function findStartables(reader: Reader, { slugs, version }: { slugs: string[]; version?: number }) {
  return reader
    .selectFrom('flow')
    .leftJoin('flow_version', (join) =>
      join
        .onRef('flow_version.workspace_id', '=', 'flow.workspace_id')
        .onRef('flow_version.flow_id', '=', 'flow.id')
        .on('flow_version.version', '=', version === undefined ? sql.ref('flow.newest_version') : version),
    )
    .where('flow.slug', 'in', slugs)
    .select((row) => row.selectFrom('workspace').select('workspace.archived_at').whereRef('workspace.id', '=', 'flow.workspace_id').as('workspace_archived_at'))
    .select(['flow.id as flow_id', 'flow.slug', 'flow.folder', 'flow.kind', ...holdColumns])
    .select(['flow_version.id as version_id', 'flow_version.version', 'flow_version.document'])
    .execute();
}

export interface StartableFlow {
  flow_id: string;
  slug: string;
  folder: string | null;
  kind: FlowDocument['kind'];
  archived_at: Date | null;
  workspace_archived_at: Date | null;
  off_at: Date | null;
  off_by: string | null;
  off_reason: string | null;
  /** Null, as version and document: the flow only has a draft. */
  version_id: string | null;
  version: number | null;
  document: FlowDocument | null;
}

/**
 * The same of published versions, as starts ask for it: one statement, kept prepared. By the role that sees every workspace, so it names the one it means.
 */
export async function findPublished(pool: pg.Pool, { workspaceId, slugs }: { workspaceId: string; slugs: string[] }): Promise<StartableFlow[]> {
  const { rows } = await pool.query<StartableFlow>({
    name: 'published-flows',
    text: `select f.id as flow_id, f.slug, f.folder, f.kind, f.archived_at, f.off_at, f.off_by, f.off_reason, w.archived_at as workspace_archived_at,
        v.id as version_id, v.version, v.document
      from flow f join workspace w on w.id = f.workspace_id left join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.newest_version
      where f.workspace_id = $1 and f.slug = any($2)`,
    values: [workspaceId, slugs],
  });
  return rows;
}

export function findByIdempotencyKey(reader: Reader, { flowId, key }: { flowId: string; key: string }) {
  return reader.selectFrom('run').where('flow_id', '=', flowId).where('idempotency_key', '=', key).select('id').executeTakeFirst();
}

/** Runs of a flow that began before this one and are not over; at another gate than that of the flow, those at it. */
export async function findLiveBefore(engine: Kysely<Database>, { flowId, id, gate }: { flowId: string; id: string; gate: string }): Promise<string[]> {
  const rows = await engine
    .selectFrom('run')
    .where('flow_id', '=', flowId)
    .$if(gate !== flowGate(flowId), (query) => query.where('gate', '=', gate))
    .where('finished_at', 'is', null)
    .where('id', '<', id)
    .where('parent_id', 'is', null)
    .select('id')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Runs that wait for others which they are to replace and which nobody has asked to end. */
export async function findUnreplaced(engine: Kysely<Database>): Promise<{ id: string; workspaceId: string; flowId: string; gate: NewRun['gate'] }[]> {
  const { rows } = await sql<{ id: string; workspaceId: string; flowId: string; gate: string | null; most: number }>`
    select h.id, h.workspace_id as "workspaceId", h.flow_id as "flowId", h.gate, h.gate_most as most from run h
    where h.cancels_before and h.held_at is not null and h.finished_at is null and exists (
      select from run b where b.workspace_id = h.workspace_id and b.gate = h.gate and b.finished_at is null and b.id < h.id
        and b.flow_id = h.flow_id and b.parent_id is null and b.state in ('queued', 'running'))
    limit 100`.execute(engine);
  return rows.map(({ gate, most, ...run }) => ({ ...run, gate: gate === null ? null : { key: gate, most } }));
}

/** Runs whose time is over, with the `timeout` of their flow. */
export function findOverdue(engine: Kysely<Database>) {
  return engine
    .selectFrom('run')
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .where('run.finished_at', 'is', null)
    .where('run.deadline_at', '<', sql<Date>`now()`)
    .where('run.state', 'in', ['queued', 'running'])
    .select(['run.id', 'run.workspace_id', 'run.created_at', sql<Date>`run.deadline_at`.as('deadline_at')])
    .select(sql<string | null>`flow_version.document ->> 'timeout'`.as('timeout'))
    .limit(100)
    .execute();
}

export function listEvents(reader: Reader, { run, after, limit }: { run: string; after: number; limit: number }) {
  return reader.selectFrom('run_event').where('run_id', '=', run).where('seq', '>', after).orderBy('seq').limit(limit).selectAll().execute();
}

export function findArtifact(reader: Reader, id: string) {
  return reader
    .selectFrom('artifact')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'artifact.workspace_id').onRef('run.id', '=', 'artifact.run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where('artifact.id', '=', id)
    .selectAll('artifact')
    .select(['flow.slug as flow', 'flow.folder', 'flow.kind', 'run.started_by'])
    .executeTakeFirst();
}

export interface ArtifactFilter {
  run?: string | undefined;
  flow?: string | undefined;
  sha256?: string | undefined;
}

const newestArtifact: Sort = { name: 'newest', keys: [{ column: 'artifact.id', type: 'uuid', direction: 'desc' }] };

export function listArtifacts(reader: Reader, { run, flow, sha256, permitted, cursor, limit }: ArtifactFilter & Permitted & PageRequest) {
  let query = reader
    .selectFrom('artifact')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'artifact.workspace_id').onRef('run.id', '=', 'artifact.run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where(permitted)
    .selectAll('artifact')
    .select(['flow.slug as flow', 'flow.folder', 'flow.kind', 'run.started_by']);
  // What a dry run made is shown with the run only.
  query = run === undefined ? query.where('run.mode', '<>', 'dry') : query.where('artifact.run_id', '=', run);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (sha256 !== undefined) query = query.where('artifact.sha256', '=', sha256);
  return readPage({ db: reader, query, sort: newestArtifact, page: { cursor, limit } });
}

export interface DeliveryFilter {
  run?: string | undefined;
  connection?: string | undefined;
  state?: 'delivered' | 'failed' | undefined;
}

const newestDelivery: Sort = { name: 'newest', keys: [{ column: 'delivery.id', type: 'uuid', direction: 'desc' }] };

export function listDeliveries(reader: Reader, { run, connection, state, permitted, cursor, limit }: DeliveryFilter & Permitted & PageRequest) {
  let query = reader
    .selectFrom('delivery')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'delivery.workspace_id').onRef('run.id', '=', 'delivery.run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where(permitted)
    .selectAll('delivery')
    .select((nested) =>
      nested
        .selectFrom('artifact')
        .whereRef('artifact.run_id', '=', 'delivery.run_id')
        .whereRef('artifact.sha256', '=', 'delivery.sha256')
        .select('artifact.id')
        .orderBy('artifact.id')
        .limit(1)
        .as('artifact'),
    );
  if (run !== undefined) query = query.where('delivery.run_id', '=', run);
  if (connection !== undefined) query = query.where('delivery.connection', '=', connection);
  if (state !== undefined) query = query.where('delivery.state', '=', state);
  return readPage({ db: reader, query, sort: newestDelivery, page: { cursor, limit } });
}
