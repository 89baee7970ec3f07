// pg-boss as we use it: it keeps "advance this unit of this run" for the workers of a tag until one takes it; the state of runs is not in it.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Db, PgBoss } from 'pg-boss';
import { queueSchema } from '../../storage/queue-schema.ts';
import type { LeaseTable } from '../../storage/schema.ts';
import { together } from './in-flight.ts';

/** What a job says. `unit` is the unit to run, `attempt` the attempt by the retry policy (lost leases not counted). */
export interface Advance {
  workspace: string;
  run: string;
  unit: string;
  attempt: number;
}

export interface NewJob extends Advance {
  tag: string;
  priority: number;
  /** Not before, by the clock of this process; omitted: at once. */
  at?: Date | undefined;
}

/** A claimed job. `lost` counts how often a lease for it was lost before. */
export interface ClaimedJob extends Advance {
  id: string;
  tag: string;
  lost: number;
}

export type Runner = Pick<pg.ClientBase, 'query'>;

/** Of a lease that goes back: all that puts its job back. */
const lostColumns = ['queue', 'job_attempt', 'workspace_id', 'run_id', 'unit', 'attempt', 'priority', 'queued_at'] as const;
export type LostLease = Pick<LeaseTable, (typeof lostColumns)[number]>;
/** What `returning` of a lease that goes back must name. */
export const lostLease = lostColumns.join(', ');

/** A job that nobody holds. */
export interface WaitingJob {
  id: string;
  unit: string;
  attempt: number;
  tag: string;
  /** Not before. */
  at: Date;
  /** When it came into the queue. */
  since: Date;
}

/** What waits in the queue of a tag. */
export interface Depth {
  tag: string;
  ready: number;
  /** Waits for its time. */
  delayed: number;
  /** Since when the oldest of what is ready waits. */
  oldest: Date | null;
}

/** A job whose holder died this often is given up instead of killing further workers. */
export const lostLimit = 10;
const schema = queueSchema;
/** The expression and the condition of our index over the jobs (storage/queue-schema.ts): both, or it is not used. */
const ofRun = `state < 'active' and data ->> 'run'`;
const daySeconds = 86_400;

function queueOf(tag: string): string {
  return `advance-${tag}`;
}
function tagOf(queue: string): string {
  return queue.slice(queueOf('').length);
}
function dbOf(runner: Runner): Db {
  return { executeSql: (text, values) => runner.query(text, values as unknown[]) };
}
/** For a statement that is the same for each call with this queue: Postgres keeps its plan. */
function preparedDbOf(runner: Runner, name: string): Db {
  return { executeSql: (text, values) => runner.query({ name, text, values: values as unknown[] }) };
}

/** So many milliseconds the clock of the database, by which jobs come due, is before that of this process: it may have jumped. 0 when they agree as far as a question can tell. */
async function aheadOfUs(runner: Runner): Promise<number> {
  const asked = Date.now();
  const { rows } = await runner.query<{ now: Date }>('select clock_timestamp() as now');
  const answered = Date.now();
  const now = rows[0]?.now.getTime() ?? answered;
  return now >= asked - 1 && now <= answered + 1 ? 0 : now - Math.round((asked + answered) / 2);
}

export class JobQueue {
  readonly #boss: PgBoss;
  readonly #known = new Set<string>();

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** `supervise`: whether this process cleans up after pg-boss (one of all processes suffices, more do no harm). */
  static async open({ pool, supervise, onError }: { pool: pg.Pool; supervise: boolean; onError: (error: Error) => void }): Promise<JobQueue> {
    const boss = new PgBoss({ db: dbOf(pool), schema, migrate: false, createSchema: false, supervise, schedule: false, reindex: false });
    boss.on('error', onError);
    await boss.start();
    return new JobQueue(boss);
  }

  /** Makes the queues of these tags. Nothing in them is ever active or tried again by pg-boss, so only how long a job may wait counts. */
  async ensure(tags: Iterable<string>): Promise<void> {
    for (const tag of tags) {
      if (this.#known.has(tag)) continue;
      await this.#boss.createQueue(queueOf(tag), { retentionSeconds: 365 * daySeconds });
      this.#known.add(tag);
    }
  }

  async enqueue(runner: Runner, jobs: NewJob[]): Promise<void> {
    const byTag = Map.groupBy(jobs, (job) => job.tag);
    await this.ensure(byTag.keys());
    const ahead = jobs.some(({ at }) => at) ? await aheadOfUs(runner) : 0;
    const sent = [...byTag].map(([tag, some]) => {
      const rows = some.map(({ workspace, run, unit, attempt, priority, at }) => ({
        data: { workspace, run, unit, attempt },
        priority,
        ...(at ? { startAfter: new Date(at.getTime() + ahead).toISOString() } : {}),
      }));
      return this.#boss.insert(queueOf(tag), rows, { db: preparedDbOf(runner, `insert-jobs-${tag}`) });
    });
    if (jobs.length > 0) await together([...sent, runner.query('select pg_notify($1, $2)', ['tidewheel_jobs', [...byTag.keys()].join(',')])]);
  }

  /**
   * Takes the first jobs of a tag out of the queue and writes a lease for each, in one statement: a job is in the queue or held, never both.
   * The order is pg-boss's own; its `fetch` marks what it takes in the queue's row instead, which costs five times as much.
   */
  async claim(runner: Runner, { tag, limit, worker }: { tag: string; limit: number; worker: string }): Promise<ClaimedJob[]> {
    const { rows } = await runner.query<Omit<ClaimedJob, 'tag'>>({
      name: 'claim-jobs',
      text: `with taken as (
          delete from ${schema}.job_common where ctid = any(array(
            select ctid from ${schema}.job_common where name = $1 and state < 'active' and not blocked and start_after <= now()
            order by priority desc, created_on limit $2 for update skip locked))
          returning id, data, retry_count, priority, created_on
        )
        insert into lease (job_id, queue, job_attempt, worker_id, workspace_id, run_id, unit, attempt, priority, queued_at)
        select id, $1, retry_count, $3, (data ->> 'workspace')::uuid, (data ->> 'run')::uuid, data ->> 'unit', (data ->> 'attempt')::int, priority, created_on from taken
        returning job_id as id, job_attempt as lost, workspace_id as workspace, run_id as run, unit, attempt`,
      values: [queueOf(tag), limit, worker],
    });
    return rows.map((row) => ({ ...row, tag }));
  }

  /** Puts the jobs of leases back where they stood in the queue, to be claimed by anyone at once. They are new ones: who held them before can end nothing of theirs. */
  async giveBack(runner: Runner, leases: LostLease[]): Promise<void> {
    await this.ensure(leases.map(({ queue }) => tagOf(queue)));
    for (const [queue, some] of Map.groupBy(leases, (lease) => lease.queue)) {
      const ids = some.map(() => randomUUID());
      const rows = some.map(({ workspace_id: workspace, run_id: run, unit, attempt, priority }, at) => ({
        id: ids[at],
        data: { workspace, run, unit, attempt },
        priority,
      }));
      await this.#boss.insert(queue, rows, { db: dbOf(runner) });
      await runner.query(
        `update ${schema}.job_common j set retry_count = m.lost, created_on = m.at from unnest($2::uuid[], $3::int[], $4::timestamptz[]) as m(id, lost, at)
         where j.name = $1 and j.id = m.id`,
        [queue, ids, some.map((lease) => lease.job_attempt + 1), some.map((lease) => lease.queued_at)],
      );
    }
    if (leases.length > 0) await runner.query("select pg_notify('tidewheel_jobs', 'all')");
  }

  /** Takes back what is queued or delayed for a run, not what is held. */
  async withdraw(runner: Runner, run: string): Promise<void> {
    await runner.query(`delete from ${schema}.job where ${ofRun} = $1`, [run]);
  }

  /** The same for several runs. @returns what it took; what was delayed is due at once when it comes back */
  async takeBack(runner: Runner, runs: string[]): Promise<NewJob[]> {
    const { rows } = await runner.query<{ name: string; priority: number; data: Advance }>(
      `delete from ${schema}.job where ${ofRun} = any($1) returning name, priority, data`,
      [runs],
    );
    return rows.map(({ name, priority, data: { workspace, run, unit, attempt } }) => ({ workspace, run, unit, attempt, tag: tagOf(name), priority }));
  }

  /** Those of these runs of which something is queued or delayed. */
  async withWaiting(runner: Pick<Runner, 'query'> | pg.Pool, runs: string[]): Promise<string[]> {
    if (runs.length === 0) return [];
    const { rows } = await runner.query<{ run: string }>(`select distinct data ->> 'run' as run from ${schema}.job where ${ofRun} = any($1)`, [runs]);
    return rows.map(({ run }) => run);
  }

  /** What waits of a run in the queues of these tags. */
  async waitingOf(runner: Pick<Runner, 'query'> | pg.Pool, { run, tags }: { run: string; tags: string[] }): Promise<WaitingJob[]> {
    const { rows } = await runner.query<Omit<WaitingJob, 'tag'> & { name: string }>(
      `select id, name, data ->> 'unit' as unit, (data ->> 'attempt')::int as attempt, start_after as at, created_on as since
       from ${schema}.job where ${ofRun} = $2 and name = any($1) and not blocked order by priority desc, created_on limit 5000`,
      [tags.map(queueOf), run],
    );
    return rows.map(({ name, ...job }) => ({ ...job, tag: tagOf(name) }));
  }

  /** How many jobs are claimed before these, by id; at most 10,000 are counted. */
  async aheadOf(runner: Pick<Runner, 'query'> | pg.Pool, jobs: { id: string; tag: string }[]): Promise<Map<string, number>> {
    const { rows } = await runner.query<{ id: string; ahead: number }>(
      `select mine.id, (select count(*) from (select from ${schema}.job other where other.name = mine.name and other.state < 'active' and not other.blocked
           and other.start_after <= now() and (other.priority, mine.created_on) > (mine.priority, other.created_on) limit 10000) as before) as ahead
       from ${schema}.job mine where mine.name = any($1) and mine.id = any($2)`,
      [[...new Set(jobs.map((job) => queueOf(job.tag)))], jobs.map((job) => job.id)],
    );
    return new Map(rows.map((row) => [row.id, row.ahead]));
  }

  /** Of every tag in whose queue something waits. */
  async depths(runner: Pick<Runner, 'query'> | pg.Pool): Promise<Depth[]> {
    const { rows } = await runner.query<Omit<Depth, 'tag'> & { name: string }>(
      `select name, count(*) filter (where start_after <= now()) as ready, count(*) filter (where start_after > now()) as delayed,
         min(greatest(created_on, start_after)) filter (where start_after <= now()) as oldest
       from ${schema}.job where state < 'active' and not blocked and starts_with(name, $1) group by name`,
      [queueOf('')],
    );
    return rows.map(({ name, ...depth }) => ({ ...depth, tag: tagOf(name) }));
  }

  tagOf(queue: string): string {
    return tagOf(queue);
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }
}
