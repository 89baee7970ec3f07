// How a worker comes to hold leases: one transaction takes jobs for leases and reads what it needs of their runs.
import { Bug } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { RunMode, RunState } from '@tidewheel/contract/run';
import type pg from 'pg';
import type { StepVersions } from '../flows/upgrade.ts';
import { DeclaredDead } from './declared-dead.ts';
import { type FactRow, readFacts } from './facts.store.ts';
import { together } from './in-flight.ts';
import { type ClaimedJob, type JobQueue, type LostLease, lostLease, type Runner } from './job-queue.ts';

export interface ClaimedRun {
  id: string;
  workspace_id: string;
  number: number;
  version_id: string;
  flow: string;
  started_by: string;
  state: RunState;
  parameters: Record<string, unknown>;
  frozen_now: Date;
  frozen_today: string;
  locals: Record<string, unknown> | null;
  mode: RunMode;
  priority: number;
  part: string | null;
  has_document: boolean;
  given: string[] | null;
  depth: number;
  root_id: string | null;
  cancel_forced: boolean;
  parent_id: string | null;
  parent_step: string | null;
  parent_attempt: number | null;
  item: number | null;
}

export interface Claim {
  jobs: ClaimedJob[];
  runs: Map<string, ClaimedRun>;
  facts: FactRow[];
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
    const [, jobs] = await together([beginAlive(client, worker), queue.claim(client, { tag, limit, worker })]);
    const fresh = [...new Set(jobs.map((job) => job.run))].filter((run) => !known(run));
    const [runs, facts] = await together([readRuns(client, fresh), readFacts(client, fresh), client.query('commit')]);
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

async function readRuns(runner: Runner, ids: string[]): Promise<Map<string, ClaimedRun>> {
  if (ids.length === 0) return new Map();
  const { rows } = await runner.query<ClaimedRun>({
    name: 'claimed-runs',
    text: `select r.id, r.workspace_id, r.number, r.version_id, f.slug as flow, r.started_by, r.state, r.parameters, r.frozen_now, r.frozen_today,
        r.locals, r.mode, r.priority, r.part, r.document is not null as has_document, r.given, r.depth, r.root_id,
        r.cancel_forced, r.parent_id, r.parent_step, r.parent_attempt, r.item
      from run r join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id where r.id = any($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Leases in the database that this worker does not know (a claim whose answer was lost): they go back. */
export async function returnUnknown(pool: pg.Pool, { worker, queue, known }: { worker: string; queue: JobQueue; known: ReadonlySet<string> }): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<LostLease>(`delete from lease where worker_id = $1 and not (job_id = any($2)) returning ${lostLease}`, [
      worker,
      [...known],
    ]);
    await queue.giveBack(client, rows);
  });
}

export async function runsInCancellation(pool: pg.Pool, runs: string[]): Promise<{ id: string; forced: boolean }[]> {
  const { rows } = await pool.query<{ id: string; forced: boolean }>(
    `select id, cancel_forced as forced from run where id = any($1) and state = 'cancelling'`,
    [runs],
  );
  return rows;
}

export async function readVersion(pool: pg.Pool, version: string): Promise<{ document: FlowDocument; saved: StepVersions }> {
  const { rows } = await pool.query<{ document: FlowDocument; saved: StepVersions }>(
    'select document, step_versions as saved from flow_version where id = $1',
    [version],
  );
  if (!rows[0]) throw new Bug('flow.version_gone', `there is no version ${version}`);
  return rows[0];
}

/** The document of a run whose steps were made while another one ran. */
export async function readMadeDocument(pool: pg.Pool, run: string): Promise<FlowDocument> {
  const { rows } = await pool.query<{ document: FlowDocument | null }>('select document from run where id = $1', [run]);
  if (!rows[0]?.document) throw new Bug('run.document_gone', `the run ${run} has no document of its own`);
  return rows[0].document;
}

/** One transaction on a connection of a pool with `pipeline`; the connection is not used again when it fails. What `work` sent without waiting for it goes out with the commit. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    const begun = client.query('begin');
    begun.catch(() => {});
    const result = await work(client);
    const [, { command }] = await together([begun, client.query('commit')]);
    // Postgres answers so, and with no error, when a statement before it failed.
    if (command !== 'COMMIT') throw new Bug('commit.refused', `Postgres answered the commit with ${command}`);
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}
