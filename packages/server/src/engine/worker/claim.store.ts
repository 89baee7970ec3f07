// How a worker comes to hold leases: one transaction takes jobs, writes its leases and reads what it needs of their runs.
import { Bug, type StoredError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storableJson } from '../../base/text.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import type { StepVersions } from '../flows/upgrade.ts';
import { DeclaredDead } from './commit.ts';
import type { ClaimedJob, JobQueue, LostLease, Runner } from './job-queue.ts';

export interface ClaimedRun {
  id: string;
  workspace_id: string;
  number: number;
  version_id: string;
  flow: string;
  started_by: string;
  state: string;
  parameters: Record<string, unknown>;
  frozen_now: Date;
  frozen_today: string;
}

export interface Claim {
  jobs: ClaimedJob[];
  runs: Map<string, ClaimedRun>;
  facts: FactRow[];
}

export interface FactRow {
  run_id: string;
  step_id: string;
  state: StepState;
  output: StoredOutput | null;
}

export interface ClaimOptions {
  queue: JobQueue;
  worker: string;
  tag: string;
  limit: number;
  /** Runs this worker knows already. */
  known(run: string): boolean;
}

export async function claimJobs(pool: pg.Pool, { queue, worker, tag, limit, known }: ClaimOptions): Promise<Claim> {
  const client = await pool.connect();
  let broken = true;
  try {
    await beginAlive(client, worker);
    const jobs = await queue.claim(client, { tag, limit });
    if (jobs.length > 0) await writeLeases(client, { jobs, worker, queue });
    const fresh = [...new Set(jobs.map((job) => job.run))].filter((run) => !known(run));
    const runs = await readRuns(client, fresh);
    // A queued run has no results yet.
    const facts = await readFacts(
      client,
      fresh.filter((run) => runs.get(run)?.state !== 'queued'),
    );
    await client.query('commit');
    broken = false;
    return { jobs, runs, facts };
  } finally {
    client.release(broken);
  }
}

// The claim may commit after this worker was declared dead (PITFALLS): the row lock makes the supervisor wait for it, or refuses it.
// One trip for both statements, so without parameters; the id is one of ours.
async function beginAlive(client: pg.ClientBase, worker: string): Promise<void> {
  const results = await client.query(`begin; select 1 from worker where id = '${worker}' and dead_at is null for key share`);
  if ((results as unknown as pg.QueryResult[])[1]?.rowCount !== 1) throw new DeclaredDead();
}

async function writeLeases(runner: Runner, { jobs, worker, queue }: { jobs: ClaimedJob[]; worker: string; queue: JobQueue }): Promise<void> {
  await runner.query({
    name: 'write-leases',
    text: `insert into lease (job_id, queue, job_attempt, worker_id, workspace_id, run_id) select j.id, $2, j.lost, $1, j.workspace, j.run
      from unnest($3::uuid[], $4::int[], $5::uuid[], $6::uuid[]) as j(id, lost, workspace, run)`,
    values: [
      worker,
      queue.queueName(jobs[0]?.tag ?? ''),
      jobs.map((job) => job.id),
      jobs.map((job) => job.lost),
      jobs.map((job) => job.workspace),
      jobs.map((job) => job.run),
    ],
  });
}

async function readRuns(runner: Runner, ids: string[]): Promise<Map<string, ClaimedRun>> {
  if (ids.length === 0) return new Map();
  const { rows } = await runner.query<ClaimedRun>({
    name: 'claimed-runs',
    text: `select r.id, r.workspace_id, r.number, r.version_id, f.slug as flow, r.started_by, r.state, r.parameters, r.frozen_now, r.frozen_today
      from run r join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id where r.id = any($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** What finished steps of these runs left, to be the input of others. */
export async function readFacts(runner: Pick<Runner, 'query'> | pg.Pool, runs: string[]): Promise<FactRow[]> {
  if (runs.length === 0) return [];
  const { rows } = await runner.query<FactRow>({
    name: 'facts',
    text: `select run_id, step_id, state, output from step_run where run_id = any($1) and state in ('succeeded', 'failed', 'skipped', 'cancelled')`,
    values: [runs],
  });
  return rows;
}

/** Leases in the database that this worker does not know (a claim whose answer was lost): they go back. */
export async function returnUnknown(pool: pg.Pool, { worker, queue, known }: { worker: string; queue: JobQueue; known: ReadonlySet<string> }): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<LostLease>(
      'delete from lease where worker_id = $1 and not (job_id = any($2)) returning job_id, queue, job_attempt, unit',
      [worker, [...known]],
    );
    await queue.giveBack(client, rows);
  });
}

export async function runsInCancellation(pool: pg.Pool, runs: string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`select id from run where id = any($1) and state = 'cancelling'`, [runs]);
  return rows.map((row) => row.id);
}

export async function readVersion(pool: pg.Pool, version: string): Promise<{ document: FlowDocument; saved: StepVersions }> {
  const { rows } = await pool.query<{ document: FlowDocument; saved: StepVersions }>(
    'select document, step_versions as saved from flow_version where id = $1',
    [version],
  );
  if (!rows[0]) throw new Bug('flow.version_gone', `there is no version ${version}`);
  return rows[0];
}

/** Ends a run that no worker can advance (its plan cannot be made any more), with all that is queued or held of it. */
export async function abandonRun(pool: pg.Pool, { run, error, queue }: { run: string; error: StoredError; queue: JobQueue }): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`update run set state = 'failed', finished_at = now(), error = $2 where id = $1 and finished_at is null`, [run, storableJson(error)]);
    const { rows } = await client.query<LostLease>('delete from lease where run_id = $1 returning job_id, queue, job_attempt, unit', [run]);
    await queue.giveBack(client, rows);
    await queue.withdraw(client, run);
  });
}

/** One transaction on a connection of the pool; the connection is not used again when it fails. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}
