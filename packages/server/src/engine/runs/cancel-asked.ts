// Cancels a run and what is below it, and records who asked for it.
import type { AuditActor } from '../../base/audit.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import { type Cancelled, cancelBelow, cancelRun } from '../worker/cancel.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';

export interface CancelDependencies {
  databases: Databases;
  queue: JobQueue;
  /** A statement runner inside a Kysely transaction, for pg-boss (its jobs commit with ours). */
  runnerOf(trx: WorkspaceTransaction): Runner;
}

/** `mayForce`: should it be cancelled already, it is not cleaned up after any more. @returns null when the run had ended before, or is left to its cleaning up */
export async function cancelAsked(
  { databases, queue, runnerOf }: CancelDependencies,
  { actor, run, error, mayForce = false }: { actor: AuditActor; run: string; error: unknown; mayForce?: boolean },
): Promise<Cancelled | null> {
  const by = actor.label;
  const asked = await databases.engine.transaction().execute(async (trx) => {
    const cancelled = await cancelRun(runnerOf(trx), { queue, run, by, error: error === null ? null : redactor.deep(error), mayForce });
    if (!cancelled) return null;
    const { before, state, number, forced } = cancelled;
    const object = { type: 'run', id: run, title: `Run ${number}` };
    await recordAudit(trx, actor, { action: 'run.cancelled', object, before: { state: before }, after: { state, ...(forced ? { forced } : {}) } });
    return cancelled;
  });
  if (asked) await cancelBelow(databases.enginePool, { queue, run, by, below: asked.below, mayForce: asked.forced });
  return asked;
}
