// What the supervisor does each round beside looking for the dead: ends waits and runs whose time is over, and passes on what was forgotten.
import type pg from 'pg';
import { cancelUnfinished } from './cancel-unfinished.ts';
import { inTransaction } from './claim.store.ts';
import { forgottenGates, openGates } from './gate.store.ts';
import type { JobQueue } from './job-queue.ts';
import { releaseForgotten } from './limits.ts';
import { passOnUnfinished, sortPaused } from './pause.ts';
import { endOverdue } from './wait.store.ts';

interface Runs {
  cancelOverdue(): Promise<void>;
  cancelReplaced(): Promise<void>;
}
interface Services {
  pool: pg.Pool;
  queue: JobQueue;
}

/** A process may end between the transaction that frees a place and the one that passes it on: looked for now and then. */
const forgottenEveryMs = 3_000;

/** `cancelLeft`: of what was started and cancelled as one. */
export function caretaker({ services, runs, cancelLeft }: { services: Services; runs: Runs; cancelLeft(): Promise<void> }): () => Promise<void> {
  let looked = -forgottenEveryMs;
  return async () => {
    await inTransaction(services.pool, async (client) => services.queue.enqueue(client, await endOverdue(client)));
    await runs.cancelOverdue();
    if (performance.now() - looked < forgottenEveryMs) return;
    looked = performance.now();
    await runs.cancelReplaced();
    await cancelLeft();
    await cancelUnfinished(services);
    await passOnUnfinished(services);
    await releaseForgotten(services);
    await sortPaused(services.pool, services.queue);
    const gates = await forgottenGates(services.pool);
    if (gates.length > 0) await inTransaction(services.pool, async (client) => services.queue.enqueue(client, await openGates(client, gates)));
  };
}
