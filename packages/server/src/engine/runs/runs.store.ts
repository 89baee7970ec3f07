// The SQL of runs as people see and start them. Reads run under row-level security; writes that the engine owns run as the engine.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunState } from '@tidewheel/contract/run';
import { type Kysely, sql, type Transaction } from 'kysely';
import { newId } from '../../base/ids.ts';
import { storableJson } from '../../base/text.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

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
  'flow.slug as flow',
  'flow.title as flow_title',
  'flow.kind as kind',
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

function filtered(reader: Reader, { flow, state, kind }: RunFilter) {
  let query = summaries(reader);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (kind !== undefined) query = query.where('flow.kind', '=', kind);
  if (state !== undefined) query = query.where('run.state', '=', state);
  return query;
}

export function listRuns(reader: Reader, { before, limit, ...filter }: RunFilter & { before: string | null; limit: number }) {
  let query = filtered(reader, filter).orderBy('run.id', 'desc').limit(limit);
  if (before !== null) query = query.where('run.id', '<', before);
  return query.execute();
}

export async function countRuns(reader: Reader, { cap, ...filter }: RunFilter & { cap: number }): Promise<number> {
  const inner = filtered(reader, filter).clearSelect().select('run.id').limit(cap + 1);
  const { count } = await reader.selectFrom(inner.as('found')).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number(count);
}

export function findSteps(reader: Reader, run: string) {
  return reader
    .selectFrom('step_run')
    .where('run_id', '=', run)
    .select(['step_id', 'use', 'state', 'reason', 'attempt', 'worker_id', 'started_at', 'finished_at', 'output', 'error', sql<boolean>`preview is not null`.as('has_preview')])
    .execute();
}

export function findStep(reader: Reader, { run, step }: { run: string; step: string }) {
  return reader.selectFrom('step_run').where('run_id', '=', run).where('step_id', '=', step).select(['output', 'preview', 'state']).executeTakeFirst();
}

export function findDocument(reader: Reader, run: string) {
  return reader
    .selectFrom('run')
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .where('run.id', '=', run)
    .select(['flow_version.document', 'run.flow_id', 'run.version_id', 'run.parameters', 'run.frozen_now', 'run.frozen_today'])
    .executeTakeFirst();
}

export function findStartable(reader: Reader, slug: string) {
  return reader
    .selectFrom('flow')
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'flow.workspace_id').onRef('flow_version.flow_id', '=', 'flow.id').onRef('flow_version.version', '=', 'flow.newest_version'))
    .where('flow.slug', '=', slug)
    .select(['flow.id as flow_id', 'flow.archived_at', 'flow_version.id as version_id', 'flow_version.document'])
    .executeTakeFirst();
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

/** Null when a run with this idempotency key exists. */
export async function insertRun(engine: Transaction<Database>, run: NewRun): Promise<string | null> {
  const id = newId();
  const inserted = await engine
    .insertInto('run')
    .values({
      workspace_id: run.workspaceId,
      id,
      flow_id: run.flowId,
      version_id: run.versionId,
      state: 'queued',
      parameters: storableJson(run.parameters),
      started_by: run.startedBy,
      idempotency_key: run.idempotencyKey,
      rerun_of: run.rerunOf,
      frozen_now: run.now,
      frozen_today: run.today,
      deadline_at: run.deadline,
      event_seq: 1,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'flow_id', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) return null;
  await insertEvent(engine, { workspaceId: run.workspaceId, run: id, seq: 1, type: 'run.queued', data: { startedBy: run.startedBy } });
  return id;
}

export function findByIdempotencyKey(reader: Reader, { flowId, key }: { flowId: string; key: string }) {
  return reader.selectFrom('run').where('flow_id', '=', flowId).where('idempotency_key', '=', key).select('id').executeTakeFirst();
}

async function insertEvent(engine: Transaction<Database>, event: { workspaceId: string; run: string; seq: number; type: 'run.queued' | 'run.cancelling' | 'run.cancelled'; data: Record<string, unknown> }): Promise<void> {
  await engine
    .insertInto('run_event')
    .values({ workspace_id: event.workspaceId, run_id: event.run, seq: event.seq, at: new Date(), type: event.type, step_id: null, data: storableJson(event.data) })
    .execute();
}

/** Asks a run to end. @returns the state it has now, and whether somebody still holds a part of it; null when it had ended before */
export async function requestCancel(engine: Transaction<Database>, { workspaceId, run, by, error }: { workspaceId: string; run: string; by: string; error: unknown }): Promise<{ state: RunState; held: boolean } | null> {
  const locked = await engine.selectFrom('run').where('workspace_id', '=', workspaceId).where('id', '=', run).select(['state', 'event_seq']).forNoKeyUpdate().executeTakeFirst();
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
  return { state, held };
}

/** Runs whose time is over. */
export function findOverdue(engine: Kysely<Database>) {
  return engine.selectFrom('run').where('finished_at', 'is', null).where('deadline_at', '<', sql<Date>`now()`).where('state', 'in', ['queued', 'running']).select(['id', 'workspace_id']).limit(100).execute();
}

export function listEvents(reader: Reader, { run, after, limit }: { run: string; after: number; limit: number }) {
  return reader.selectFrom('run_event').where('run_id', '=', run).where('seq', '>', after).orderBy('seq').limit(limit).selectAll().execute();
}

export function listLogs(reader: Reader, { run, after, limit, step, levels }: { run: string; after: number; limit: number; step?: string | undefined; levels: ('debug' | 'info' | 'warn' | 'error')[] }) {
  let query = reader.selectFrom('step_log').where('run_id', '=', run).where('seq', '>', after).where('level', 'in', levels).orderBy('seq').limit(limit).selectAll();
  if (step !== undefined) query = query.where('step_id', '=', step);
  return query.execute();
}

export function findArtifact(reader: Reader, id: string) {
  return reader.selectFrom('artifact').where('id', '=', id).selectAll().executeTakeFirst();
}

export interface ArtifactFilter {
  run?: string | undefined;
  flow?: string | undefined;
  sha256?: string | undefined;
}

function artifacts(reader: Reader, { run, flow, sha256 }: ArtifactFilter) {
  let query = reader
    .selectFrom('artifact')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'artifact.workspace_id').onRef('run.id', '=', 'artifact.run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'));
  if (run !== undefined) query = query.where('artifact.run_id', '=', run);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (sha256 !== undefined) query = query.where('artifact.sha256', '=', sha256);
  return query;
}

export function listArtifacts(reader: Reader, { before, limit, ...filter }: ArtifactFilter & { before: string | null; limit: number }) {
  let query = artifacts(reader, filter).selectAll('artifact').select('flow.slug as flow').orderBy('artifact.id', 'desc').limit(limit);
  if (before !== null) query = query.where('artifact.id', '<', before);
  return query.execute();
}

export async function countArtifacts(reader: Reader, { cap, ...filter }: ArtifactFilter & { cap: number }): Promise<number> {
  const inner = artifacts(reader, filter).select('artifact.id').limit(cap + 1);
  const { count } = await reader.selectFrom(inner.as('found')).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number(count);
}

export interface DeliveryFilter {
  run?: string | undefined;
  connection?: string | undefined;
  state?: 'delivered' | 'failed' | undefined;
}

function deliveries(reader: Reader, { run, connection, state }: DeliveryFilter) {
  let query = reader
    .selectFrom('delivery')
    .leftJoin('artifact', (join) => join.onRef('artifact.run_id', '=', 'delivery.run_id').onRef('artifact.sha256', '=', 'delivery.sha256').onRef('artifact.name', '=', 'delivery.file_name'));
  if (run !== undefined) query = query.where('delivery.run_id', '=', run);
  if (connection !== undefined) query = query.where('delivery.connection', '=', connection);
  if (state !== undefined) query = query.where('delivery.state', '=', state);
  return query;
}

export function listDeliveries(reader: Reader, { before, limit, ...filter }: DeliveryFilter & { before: string | null; limit: number }) {
  let query = deliveries(reader, filter).distinctOn('delivery.id').selectAll('delivery').select('artifact.id as artifact').orderBy('delivery.id', 'desc').limit(limit);
  if (before !== null) query = query.where('delivery.id', '<', before);
  return query.execute();
}

export async function countDeliveries(reader: Reader, { cap, ...filter }: DeliveryFilter & { cap: number }): Promise<number> {
  const inner = deliveries(reader, filter).select('delivery.id').distinct().limit(cap + 1);
  const { count } = await reader.selectFrom(inner.as('found')).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number(count);
}
