// pg-boss as we use it: it hands out "advance this unit of this run" to workers by tag; the state of runs is not in it.

import type pg from 'pg';
import { type Db, PgBoss } from 'pg-boss';
import { storableJson } from '../../base/text.ts';
import { queueSchema } from '../../storage/queue-schema.ts';

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
  /** Not before; omitted: at once. */
  at?: Date | undefined;
}

/** A claimed job. `lost` counts how often its lease was lost before; with the id it fences what its holder does. */
export interface ClaimedJob extends Advance {
  id: string;
  tag: string;
  lost: number;
}

export type Runner = Pick<pg.ClientBase, 'query'>;

/** A lease as the database keeps it, taken from a holder that is gone. */
export interface LostLease {
  job_id: string;
  queue: string;
  job_attempt: number;
  unit: string | null;
}

/** A job whose holder died this often is given up instead of killing further workers. */
export const lostLimit = 10;
const schema = queueSchema;
const daySeconds = 86_400;

function queueOf(tag: string): string {
  return `advance-${tag}`;
}
function dbOf(runner: Runner): Db {
  return { executeSql: (text, values) => runner.query(text, values as unknown[]) };
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

  /** Makes the queues of these tags. Leases end when their worker is declared dead, never by a clock, so expiry and retry limits are out of the way. */
  async ensure(tags: Iterable<string>): Promise<void> {
    for (const tag of tags) {
      if (this.#known.has(tag)) continue;
      await this.#boss.createQueue(queueOf(tag), {
        retryLimit: 10_000,
        retryDelay: 0,
        expireInSeconds: daySeconds - 1,
        retentionSeconds: 365 * daySeconds,
        deleteAfterSeconds: 60,
      });
      this.#known.add(tag);
    }
  }

  async enqueue(runner: Runner, jobs: NewJob[]): Promise<void> {
    const byTag = Map.groupBy(jobs, (job) => job.tag);
    await this.ensure(byTag.keys());
    for (const [tag, some] of byTag) {
      const rows = some.map(({ workspace, run, unit, attempt, priority, at }) => ({
        data: { workspace, run, unit, attempt },
        priority,
        ...(at ? { startAfter: at.toISOString() } : {}),
      }));
      await this.#boss.insert(queueOf(tag), rows, { db: dbOf(runner) });
    }
    if (jobs.length > 0) await runner.query('select pg_notify($1, $2)', ['tidewheel_jobs', [...byTag.keys()].join(',')]);
  }

  async claim(runner: Runner, { tag, limit }: { tag: string; limit: number }): Promise<ClaimedJob[]> {
    const jobs = await this.#boss.fetch<Advance>(queueOf(tag), { batchSize: limit, db: dbOf(runner) });
    return jobs.map((job) => ({ ...job.data, id: job.id, tag, lost: Number((job as { retryCount?: number }).retryCount ?? 0) }));
  }

  /** Ends jobs whose lease is still theirs. */
  async settle(runner: Runner, jobs: ClaimedJob[]): Promise<void> {
    for (const [tag, some] of Map.groupBy(jobs, (job) => job.tag)) {
      await this.#boss.deleteJob(
        queueOf(tag),
        some.map(({ id, lost }) => ({ id, retryCount: lost })),
        { db: dbOf(runner) },
      );
    }
  }

  /** Puts claimed jobs back, to be claimed by anyone at once. `unit`: how far its lease had come. */
  async giveBack(runner: Runner, jobs: LostLease[]): Promise<void> {
    const moved = jobs.filter((job) => job.unit !== null);
    if (moved.length > 0) {
      await runner.query(
        `update ${schema}.job set data = data || jsonb_build_object('unit', m.unit, 'attempt', 1) from unnest($1::uuid[], $2::text[]) as m(id, unit) where job.id = m.id`,
        [moved.map((job) => job.job_id), moved.map((job) => job.unit)],
      );
    }
    for (const [queue, some] of Map.groupBy(jobs, (job) => job.queue)) {
      await this.#boss.fail(
        queue,
        some.map(({ job_id, job_attempt }) => ({ id: job_id, retryCount: job_attempt })),
        { lease: 'lost' },
        { db: dbOf(runner) },
      );
    }
    if (jobs.length > 0) await runner.query("select pg_notify('tidewheel_jobs', 'all')");
  }

  /** Takes back what is queued or delayed for a run, not what is held. */
  async withdraw(runner: Runner, run: string): Promise<void> {
    await runner.query(`delete from ${schema}.job where state < 'active' and data @> $1::jsonb`, [storableJson({ run })]);
  }

  queueName(tag: string): string {
    return queueOf(tag);
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }
}
