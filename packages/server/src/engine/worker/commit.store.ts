// The statements of a worker's commit. Every one works on a whole batch; rows are sent as arrays and unnested.
import type { RunEvent, RunState, StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { newId } from '../../base/ids.ts';
import { type Plain, plainArray } from '../../base/plain-array.ts';
import { storable, storableJson } from '../../base/text.ts';
import type { Item, PendingLog } from './batch.ts';
import type { Standings } from './decide.ts';
import type { Runner } from './job-queue.ts';
import type { NewArtifact, StepEnd } from './live-run.ts';

export interface LockedRun {
  id: string;
  workspace_id: string;
  state: RunState;
  event_seq: number;
  log_seq: number;
  cancel_forced: boolean;
  paused_at: Date | null;
  gate: string | null;
  rerun_of: string | null;
}

/**
 * Begins a commit. False when this worker has been declared dead. The number proves, after a lost connection, whether the commit got through (see flushSeq).
 * One trip for both statements, so without parameters; the id is one of ours.
 */
export async function beginFenced(runner: Runner, { worker, seq }: { worker: string; seq: number }): Promise<boolean> {
  const results = await runner.query(`begin; update worker set flush_seq = ${seq} where id = '${worker}' and dead_at is null`);
  return (results as unknown as pg.QueryResult[])[1]?.rowCount === 1;
}

export async function flushSeq(runner: Runner, worker: string): Promise<{ seq: number; dead: boolean } | null> {
  const { rows } = await runner.query<{ flush_seq: number; dead: boolean }>('select flush_seq, dead_at is not null as dead from worker where id = $1', [
    worker,
  ]);
  return rows[0] ? { seq: rows[0].flush_seq, dead: rows[0].dead } : null;
}

export async function lockRuns(runner: Runner, ids: string[]): Promise<Map<string, LockedRun>> {
  const { rows } = await runner.query<LockedRun>({
    name: 'lock-runs',
    text: 'select id, workspace_id, state, event_seq, log_seq, cancel_forced, paused_at, gate, rerun_of from run where id = any($1) order by id for no key update',
    values: [plainArray(ids)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export interface StepRow {
  workspace: string;
  run: string;
  step: string;
  use: string;
  state: Exclude<StepState, 'pending'>;
  reason: string | null;
  attempt: number;
  worker: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  end: Pick<StepEnd, 'output' | 'preview' | 'error'> | null;
}

/** Writes states of steps. A final state is never overwritten. @returns the keys `run/step` that were really written */
export async function writeSteps(runner: Runner, rows: StepRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const plain = (pick: (row: StepRow) => Plain) => plainArray(rows.map(pick));
  const column = <T>(pick: (row: StepRow) => T) => rows.map(pick);
  const json = (value: unknown) => (value === null || value === undefined ? null : storableJson(value));
  const result = await runner.query<{ run_id: string; step_id: string }>({
    name: 'write-steps',
    text: `insert into step_run (workspace_id, run_id, step_id, use, state, reason, attempt, worker_id, started_at, finished_at, output, preview, error)
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::uuid[], $9::timestamptz[], $10::timestamptz[], $11::jsonb[], $12::jsonb[], $13::jsonb[])
      on conflict (run_id, step_id) do update set state = excluded.state, reason = excluded.reason, attempt = excluded.attempt, worker_id = excluded.worker_id,
        started_at = coalesce(excluded.started_at, step_run.started_at), finished_at = excluded.finished_at, output = excluded.output, preview = excluded.preview, error = excluded.error
        where step_run.state not in ('succeeded', 'failed', 'skipped', 'cancelled', 'compensated')
      returning run_id, step_id`,
    values: [
      plain((row) => row.workspace),
      plain((row) => row.run),
      column((row) => row.step),
      plain((row) => row.use),
      plain((row) => row.state),
      column((row) => (row.reason === null ? null : storable(row.reason))),
      plain((row) => row.attempt),
      plain((row) => row.worker),
      plain((row) => row.startedAt),
      plain((row) => row.finishedAt),
      column((row) => json(row.end?.output)),
      column((row) => json(row.end?.preview)),
      column((row) => json(row.end?.error)),
    ],
  });
  return new Set(result.rows.map((row) => `${row.run_id}/${row.step_id}`));
}

/** How all steps of these runs stand that have begun or ended. */
export async function readStandings(runner: Runner, runs: string[]): Promise<Map<string, Standings>> {
  const found = new Map<string, Standings>(runs.map((run) => [run, new Map()]));
  if (runs.length === 0) return found;
  const { rows } = await runner.query<{ run_id: string; step_id: string; state: StepState; branches: string[] | null; finished_at: Date | null }>({
    name: 'read-standings',
    text: `select run_id, step_id, state, output -> 'branches' as branches, finished_at from step_run where run_id = any($1)`,
    values: [runs],
  });
  for (const row of rows) found.get(row.run_id)?.set(row.step_id, { state: row.state, branches: row.branches ?? undefined, finishedAt: row.finished_at });
  return found;
}

/** How many runs directly below these are not over. */
export async function liveChildren(runner: Runner, runs: string[]): Promise<Map<string, number>> {
  const { rows } = await runner.query<{ parent_id: string; count: number }>(
    'select parent_id, count(*)::int as count from run where parent_id = any($1) and finished_at is null group by parent_id',
    [runs],
  );
  return new Map(rows.map((row) => [row.parent_id, row.count]));
}

/** A step whose undoing succeeded. */
export async function markCompensated(runner: Runner, steps: { run: string; step: string }[]): Promise<void> {
  if (steps.length === 0) return;
  await runner.query(
    `update step_run set state = 'compensated' from unnest($1::uuid[], $2::text[]) as c(run, step)
     where run_id = c.run and step_id = c.step and state = 'succeeded'`,
    [steps.map((one) => one.run), steps.map((one) => one.step)],
  );
}

export async function leasesByRun(runner: Runner, runs: string[]): Promise<Map<string, string[]>> {
  const { rows } = await runner.query<{ run_id: string; job_id: string }>('select run_id, job_id from lease where run_id = any($1)', [runs]);
  const found = new Map<string, string[]>(runs.map((run) => [run, []]));
  for (const row of rows) found.get(row.run_id)?.push(row.job_id);
  return found;
}

export async function dropLeases(runner: Runner, jobs: string[]): Promise<void> {
  if (jobs.length > 0) await runner.query({ name: 'drop-leases', text: 'delete from lease where job_id = any($1)', values: [plainArray(jobs)] });
}

/** Notes how far leases have come, so that whoever takes them over goes on there. */
export async function moveLeases(runner: Runner, moves: { job: string; unit: string }[]): Promise<void> {
  if (moves.length === 0) return;
  await runner.query({
    name: 'move-leases',
    text: 'update lease set unit = m.unit, attempt = case lease.unit when m.unit then lease.attempt else 1 end from unnest($1::uuid[], $2::text[]) as m(job, unit) where job_id = m.job',
    values: [moves.map((move) => move.job), moves.map((move) => move.unit)],
  });
}

export interface RunChange {
  id: string;
  state: RunState;
  eventSeq: number;
  logSeq: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  summary: RunTotals | null;
  output: Record<string, unknown> | null;
}
export interface RunTotals {
  rowsIn: number | null;
  rowsOut: number | null;
  rejected: number;
  error: unknown;
}

/** Why a run was cancelled goes before what failed in it. */
export async function writeRuns(runner: Runner, changes: RunChange[]): Promise<void> {
  const plain = (pick: (change: RunChange) => Plain) => plainArray(changes.map(pick));
  const column = <T>(pick: (change: RunChange) => T) => changes.map(pick);
  await runner.query({
    name: 'write-runs',
    text: `update run set state = c.state, event_seq = c.event_seq, log_seq = c.log_seq, started_at = coalesce(run.started_at, c.started_at), finished_at = coalesce(run.finished_at, c.finished_at),
        rows_in = coalesce(c.rows_in, run.rows_in), rows_out = coalesce(c.rows_out, run.rows_out), rejected = coalesce(c.rejected, run.rejected), error = case when c.state = 'cancelled' then coalesce(run.error, c.error) else coalesce(c.error, run.error) end, output = coalesce(c.output, run.output)
      from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::bigint[], $9::bigint[], $10::jsonb[], $11::jsonb[])
        as c(id, state, event_seq, log_seq, started_at, finished_at, rows_in, rows_out, rejected, error, output)
      where run.id = c.id`,
    values: [
      plain((change) => change.id),
      plain((change) => change.state),
      plain((change) => change.eventSeq),
      plain((change) => change.logSeq),
      plain((change) => change.startedAt),
      plain((change) => change.finishedAt),
      plain((change) => change.summary?.rowsIn ?? null),
      plain((change) => change.summary?.rowsOut ?? null),
      plain((change) => change.summary?.rejected ?? null),
      column((change) => (change.summary?.error ? storableJson(change.summary.error) : null)),
      column((change) => (change.output ? storableJson(change.output) : null)),
    ],
  });
}

export interface NewEvent {
  workspace: string;
  run: string;
  seq: number;
  at: Date;
  type: RunEvent['type'];
  step: string | null;
  data: Record<string, unknown>;
}

export async function writeEvents(runner: Runner, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const plain = (pick: (event: NewEvent) => Plain) => plainArray(events.map(pick));
  const column = <T>(pick: (event: NewEvent) => T) => events.map(pick);
  await runner.query({
    name: 'write-events',
    text: 'insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::jsonb[])',
    values: [
      plain((event) => event.workspace),
      plain((event) => event.run),
      plain((event) => event.seq),
      plain((event) => event.at),
      plain((event) => event.type),
      column((event) => event.step),
      column((event) => storableJson(event.data)),
    ],
  });
}

export type NewLog = PendingLog & { workspace: string; run: string; seq: number };

export async function writeLogs(runner: Runner, logs: NewLog[]): Promise<void> {
  if (logs.length === 0) return;
  const plain = (pick: (log: NewLog) => Plain) => plainArray(logs.map(pick));
  const column = <T>(pick: (log: NewLog) => T) => logs.map(pick);
  await runner.query({
    name: 'write-logs',
    text: 'insert into step_log (workspace_id, run_id, seq, step_id, attempt, at, level, text) select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::text[])',
    values: [
      plain((log) => log.workspace),
      plain((log) => log.run),
      plain((log) => log.seq),
      column((log) => log.step),
      plain((log) => log.attempt),
      plain((log) => log.at),
      plain((log) => log.level),
      column((log) => storable(log.text)),
    ],
  });
}

export async function writeArtifacts(runner: Runner, artifacts: (NewArtifact & { workspace: string; run: string; step: string })[]): Promise<void> {
  for (const artifact of artifacts) {
    await runner.query(
      `insert into artifact (workspace_id, id, run_id, step_id, name, media_type, size, sha256, md5, metadata) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (run_id, step_id, name) do nothing`,
      [
        artifact.workspace,
        newId(),
        artifact.run,
        artifact.step,
        storable(artifact.name),
        artifact.mediaType,
        artifact.size,
        artifact.sha256,
        artifact.md5,
        storableJson(artifact.metadata),
      ],
    );
  }
}

/** Rows for every object a result refers to, so that nothing it needs is ever collected. */
export async function writeObjects(runner: Runner, objects: { workspace: string; sha256: string; size: number }[]): Promise<void> {
  if (objects.length === 0) return;
  await runner.query({
    name: 'write-objects',
    text: 'insert into object (workspace_id, sha256, size) select * from unnest($1::uuid[], $2::text[], $3::bigint[]) on conflict do nothing',
    values: [objects.map((object) => object.workspace), objects.map((object) => object.sha256), objects.map((object) => object.size)],
  });
}

export async function writeOnce(runner: Runner, item: Extract<Item, { kind: 'once' }>): Promise<void> {
  await runner.query('insert into step_once (workspace_id, run_id, step_id, name, result) values ($1, $2, $3, $4, $5) on conflict do nothing', [
    item.live.workspaceId,
    item.live.id,
    item.step,
    item.name,
    item.result,
  ]);
}

export async function writeDelivery(runner: Runner, { live, step, attempt, record }: Extract<Item, { kind: 'delivery' }>): Promise<void> {
  await runner.query(
    `insert into delivery (workspace_id, id, run_id, step_id, file_name, sha256, size, connection, destination, attempt, state, at, ms, receipt, error)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      live.workspaceId,
      newId(),
      live.id,
      step,
      storable(record.file.name),
      record.file.sha256,
      record.file.size,
      record.connection,
      storable(record.destination),
      attempt,
      record.state,
      record.startedAt,
      Math.round(record.ms),
      record.receipt ? storableJson(record.receipt) : null,
      record.error ? storable(record.error) : null,
    ],
  );
}

export interface StepTotals {
  step: string;
  state: StepState;
  counts: { rowsIn: number | null; rowsOut: number | null; rejected: number } | null;
  error: unknown;
}

export async function readTotals(runner: Runner, runs: string[]): Promise<Map<string, StepTotals[]>> {
  const found = new Map<string, StepTotals[]>(runs.map((run) => [run, []]));
  if (runs.length === 0) return found;
  const { rows } = await runner.query<StepTotals & { run: string }>({
    name: 'read-totals',
    text: `select run_id as run, step_id as step, state, output -> 'counts' as counts, error from step_run where run_id = any($1)`,
    values: [runs],
  });
  for (const row of rows) found.get(row.run)?.push(row);
  return found;
}

/** Tells every listener which runs have news: ids only, chunked below Postgres's 8,000 bytes. */
export async function announce(runner: Runner, runs: Iterable<LockedRun>): Promise<void> {
  const payloads: string[] = [];
  for (const [workspace, some] of Map.groupBy(runs, (run) => run.workspace_id)) {
    const ids = some.map((run) => run.id);
    for (let at = 0; at < ids.length; at += 190) payloads.push(JSON.stringify({ w: workspace, r: ids.slice(at, at + 190) }));
  }
  if (payloads.length > 0)
    await runner.query({ name: 'announce', text: `select pg_notify('tidewheel_run', payload) from unnest($1::text[]) as payload`, values: [payloads] });
}
