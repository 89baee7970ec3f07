// Starts that arrive together are written together: one transaction for all that came while the one before was committing.
import { Unreachable } from '@tidewheel/contract/errors';
import type pg from 'pg';
import type { AuditActor, AuditRecord } from '../../base/audit.ts';
import { auditInsert } from '../../storage/audit-record.ts';
import { insertEvents, type NewTriggerEvent } from '../triggers/trigger-events.store.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { isConnectionFault, isOutOfRoom } from '../worker/connection-fault.ts';
import { together } from '../worker/in-flight.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
import { type Start, type Started, startRuns } from '../worker/start-runs.ts';

/** A start with the entry that says so, written in its transaction. */
export interface AuditedStart extends Start {
  audit: { actor: AuditActor; record: AuditRecord };
}
/** And with the event of the trigger that starts it. */
export interface TriggeredStart extends AuditedStart {
  event?: NewTriggerEvent | undefined;
}
interface Waiting extends TriggeredStart {
  resolve(started: Started): void;
  reject(error: unknown): void;
}

const mostTogether = 500;

export class StartBatch {
  readonly #pool: pg.Pool;
  readonly #queue: JobQueue;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor({ pool, queue }: { pool: pg.Pool; queue: JobQueue }) {
    this.#pool = pool;
    this.#queue = queue;
  }

  /** Resolves once it is durable. */
  add(start: TriggeredStart): Promise<Started> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...start, resolve, reject });
      if (!this.#busy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, mostTogether);
      await this.#write(batch).catch((error: unknown) => this.#oneByOne(batch, error));
    }
    this.#busy = false;
  }

  async #write(batch: Waiting[]): Promise<void> {
    const started = await inTransaction(this.#pool, async (client) => {
      const made = await writeStarts(client, { starts: batch, queue: this.#queue });
      await insertEvents(
        client,
        batch.flatMap(({ event }, place) => (event && typeof made[place] === 'object' ? [event] : [])),
      );
      return made;
    });
    for (const [place, start] of batch.entries()) start.resolve(started[place] ?? 'existing');
  }

  /** One start that Postgres refuses must not take the others with it. */
  async #oneByOne(batch: Waiting[], error: unknown): Promise<void> {
    if (isConnectionFault(error) && !isOutOfRoom(error)) {
      const lost = new Unreachable('run.start_unknown', 'The database went away while the run was being started; it may or may not have been.', {
        hint: 'Look at the list of runs, or start with an idempotency key, which makes asking again safe.',
        cause: error,
      });
      for (const start of batch) start.reject(lost);
      return;
    }
    if (batch.length === 1) return batch[0]?.reject(error);
    for (const start of batch) await this.#write([start]).catch((own: unknown) => start.reject(own));
  }
}

/** Writes runs with their audit entries, and tells of them, in the transaction of the caller. */
export async function writeStarts(runner: Runner, { starts, queue }: { starts: AuditedStart[]; queue: JobQueue }): Promise<Started[]> {
  const made = await startRuns(runner, { starts, queue });
  const fresh = starts.filter((_, place) => typeof made[place] === 'object');
  if (fresh.length === 0) return made;
  const audited = runner.query({ name: 'audit-starts', ...auditInsert(fresh.map((start) => start.audit)) });
  await together([audited, ...announcements(fresh).map((payload) => runner.query(`select pg_notify('tidewheel_run', $1)`, [payload]))]);
  return made;
}

function announcements(starts: Start[]): string[] {
  const payloads: string[] = [];
  for (const [workspace, some] of Map.groupBy(starts, (start) => start.run.workspaceId)) {
    for (let at = 0; at < some.length; at += 190) payloads.push(JSON.stringify({ w: workspace, r: some.slice(at, at + 190).map((start) => start.run.id) }));
  }
  return payloads;
}
