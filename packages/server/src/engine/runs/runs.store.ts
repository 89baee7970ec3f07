// The SQL of runs as people see and start them. Reads run under row-level security; writes that the engine owns run as the engine.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunState } from '@tidewheel/contract/run';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { storableJson } from '../../base/text.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';
import type { Runner } from '../worker/job-queue.ts';

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
  'run.log_seq',
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
    .select(summaryColumns);
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
}

function filtered(reader: Reader, { flow, state, kind, permitted }: RunFilter & Permitted) {
  let query = summaries(reader).where(permitted);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (kind !== undefined) query = query.where('flow.kind', '=', kind);
  if (state !== undefined) query = query.where('run.state', '=', state);
  return query;
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
      sql<boolean>`preview is not null`.as('has_preview'),
    ])
    .execute();
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

export function findDocument(reader: Reader, run: string) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .where('run.id', '=', run)
    .select((row) => row.selectFrom('workspace').select('workspace.archived_at').whereRef('workspace.id', '=', 'flow.workspace_id').as('workspace_archived_at'))
    .select(['flow_version.document', 'flow_version.version', 'run.flow_id', 'run.version_id', 'run.parameters', ...holdColumns])
    .select(['flow.slug as flow', 'flow.folder', 'flow.kind', 'run.started_by'])
    .executeTakeFirst();
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

export interface NewRun {
  workspaceId: string;
  flowId: string;
  versionId: string;
  parameters: Record<string, unknown>;
  startedBy: string;
  idempotencyKey: string | null;
  rerunOf: string | null;
  now: Date;
  today: string;
  deadline: Date | null;
}

/** Writes many runs at once, each with its first event. @returns the numbers by id of those that are new; a run whose idempotency key was taken is not among them */
export async function insertRuns(runner: Runner, runs: (NewRun & { id: string })[]): Promise<Map<string, number>> {
  const column = <T>(pick: (run: NewRun & { id: string }) => T) => runs.map(pick);
  const { rows } = await runner.query<{ id: string; number: number }>(
    `with fresh as (
       insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, idempotency_key, rerun_of, frozen_now, frozen_today, deadline_at, event_seq)
       select n.workspace, n.id, n.flow, n.version, 'queued', n.parameters, n.started_by, n.key, n.rerun_of, n.now, n.today, n.deadline, 1
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::date[], $11::timestamptz[])
         as n(workspace, id, flow, version, parameters, started_by, key, rerun_of, now, today, deadline)
       on conflict (workspace_id, flow_id, idempotency_key) where idempotency_key is not null do nothing
       returning workspace_id, id, number, started_by),
     told as (
       insert into run_event (workspace_id, run_id, seq, at, type, step_id, data)
       select workspace_id, id, 1, now(), 'run.queued', null, jsonb_build_object('startedBy', started_by) from fresh)
     select id, number from fresh`,
    [
      column((run) => run.workspaceId),
      column((run) => run.id),
      column((run) => run.flowId),
      column((run) => run.versionId),
      column((run) => storableJson(run.parameters)),
      column((run) => run.startedBy),
      column((run) => run.idempotencyKey),
      column((run) => run.rerunOf),
      column((run) => run.now),
      column((run) => run.today),
      column((run) => run.deadline),
    ],
  );
  return new Map(rows.map((row) => [row.id, row.number]));
}

export function findByIdempotencyKey(reader: Reader, { flowId, key }: { flowId: string; key: string }) {
  return reader.selectFrom('run').where('flow_id', '=', flowId).where('idempotency_key', '=', key).select('id').executeTakeFirst();
}

async function insertEvent(
  engine: Transaction<Database>,
  event: { workspaceId: string; run: string; seq: number; type: 'run.queued' | 'run.cancelling' | 'run.cancelled'; data: Record<string, unknown> },
): Promise<void> {
  await engine
    .insertInto('run_event')
    .values({
      workspace_id: event.workspaceId,
      run_id: event.run,
      seq: event.seq,
      at: new Date(),
      type: event.type,
      step_id: null,
      data: storableJson(event.data),
    })
    .execute();
}

/** Asks a run to end. @returns the state it has now, and whether somebody still holds a part of it; null when it had ended before */
export async function requestCancel(
  engine: Transaction<Database>,
  { workspaceId, run, by, error }: { workspaceId: string; run: string; by: string; error: unknown },
): Promise<{ state: RunState; held: boolean; before: RunState; number: number } | null> {
  const locked = await engine
    .selectFrom('run')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', run)
    .select(['state', 'event_seq', 'number'])
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!locked || !['queued', 'running'].includes(locked.state)) return null;
  const { held } = await engine.selectFrom('lease').where('run_id', '=', run).select(sql<boolean>`count(*) > 0`.as('held')).executeTakeFirstOrThrow();
  const state: RunState = held ? 'cancelling' : 'cancelled';
  const finished = held ? null : new Date();
  await engine
    .updateTable('run')
    .set({ state, event_seq: locked.event_seq + 1, finished_at: finished, ...(error ? { error: storableJson(error) } : {}) })
    .where('id', '=', run)
    .execute();
  if (!held) {
    await engine
      .updateTable('step_run')
      .set({ state: 'cancelled', reason: 'the run was cancelled', finished_at: new Date() })
      .where('run_id', '=', run)
      .where('state', 'not in', ['succeeded', 'failed', 'skipped', 'cancelled'])
      .execute();
  }
  await insertEvent(engine, { workspaceId, run, seq: locked.event_seq + 1, type: held ? 'run.cancelling' : 'run.cancelled', data: { by } });
  return { state, held, before: locked.state, number: locked.number };
}

/** Runs whose time is over. */
export function findOverdue(engine: Kysely<Database>) {
  return engine
    .selectFrom('run')
    .where('finished_at', 'is', null)
    .where('deadline_at', '<', sql<Date>`now()`)
    .where('state', 'in', ['queued', 'running'])
    .select(['id', 'workspace_id'])
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
  if (run !== undefined) query = query.where('artifact.run_id', '=', run);
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
