// Starts the run that processes a session: at most one at a time, written in the transaction that says so.
import type { ColorSessionDetail } from '@tidewheel/contract/color-session';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { systemClock } from '../../../base/clock.ts';
import { calendarsOf } from '../../../engine/calendars-of.ts';
import { checkedParameters, type RunStarter } from '../../../engine/runs/run-starter.ts';
import { writeStarts } from '../../../engine/runs/start-batch.ts';
import { inTransaction } from '../../../engine/worker/claim.store.ts';
import type { JobQueue } from '../../../engine/worker/job-queue.ts';
import { auditInsert } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';
import { requireSeen } from './change-session.ts';
import { type ColorFlow, findColorFlows, lockForRun, noteRun } from './process-session.store.ts';
import { anyRow } from './row-effects.store.ts';
import { endedSession, openSession, seenSession } from './session-access.ts';
import { detailOf, objectOf } from './sessions.service.ts';
import { lockSession, type SessionRecord } from './sessions.store.ts';

export interface ProcessDeps {
  databases: Databases;
  starter: RunStarter;
  queue: JobQueue;
}
interface Asked {
  id: string;
  flow?: string | undefined;
  /** The revision of the session that the caller saw. */
  seen?: number | undefined;
}

/** Asked again it answers with the run that has the session, or that processed it. @throws Conflict when it was discarded, somebody changed it or nothing would be kept, InvalidInput when no flow fits */
export async function processSession(
  deps: ProcessDeps,
  actor: Actor,
  { id, flow, seen }: Asked,
): Promise<{ session: ColorSessionDetail; run: { id: string } }> {
  requirePermission(actor, 'color.edit');
  const { session, slug } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    // Whoever starts it at the same moment is waited for: what is seen then holds until this transaction ends.
    await lockSession(trx, id);
    const found = await seenSession(trx, actor, id);
    if (found.is_processing || found.state === 'processed') return { session: found, slug: null };
    const open = await openSession(trx, actor, id);
    if (seen !== undefined) await requireSeen(trx, actor, { session: open, seen, where: anyRow });
    if ((await detailOf(trx, actor, open)).kept === 0) throw nothingKept(open);
    return { session: open, slug: flow ?? chosenFlow(await findColorFlows(trx)) };
  });
  const run = slug === null ? String(session.run_id) : await startRun(deps, actor, { session, slug });
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => ({
    session: await detailOf(trx, actor, await seenSession(trx, actor, id)),
    run: { id: run },
  }));
}

/** Who means that nothing is left of a morning takes its rows out of the buffer. */
function nothingKept({ title }: Pick<SessionRecord, 'title'>): Conflict {
  return new Conflict('color_session.nothing_kept', `Every row of "${title}" is excluded or removed: nothing would be kept.`, {
    hint: 'Include rows again, or discard the session: its rows go back to the buffer.',
  });
}

async function startRun(
  { databases, starter, queue }: ProcessDeps,
  actor: Actor,
  { session, slug }: { session: SessionRecord; slug: string },
): Promise<string> {
  const flow = await starter.find(actor, slug);
  requireColorFlow(flow.document);
  const now = systemClock.now();
  const { document } = flow;
  const calendars = await calendarsOf(databases.engine, { workspaceId: actor.workspaceId, document, at: now });
  const parameters = checkedParameters({ document, now, calendars, given: {} });
  const prepared = starter.prepare(actor, { ...flow, parameters, now, idempotencyKey: null, rerunOf: null });
  const where = { workspaceId: actor.workspaceId, session: session.id, run: prepared.run.id };
  return inTransaction(databases.enginePool, async (client) => {
    const locked = await lockForRun(client, where);
    if (locked.run !== null) return locked.run;
    if (locked.state !== 'open') throw endedSession({ ...session, state: locked.state });
    // What was checked is what is processed.
    if (locked.revision !== session.revision)
      throw new Conflict('color_session.changed', 'Somebody changed the session at the same moment.', { hint: 'Look at it again, then process it.' });
    await noteRun(client, { ...where, revision: locked.revision, by: actor.label });
    const [started] = await writeStarts(client, { starts: [prepared], queue });
    if (typeof started !== 'object')
      throw new Conflict('run.overlap', `The flow "${slug}" is running already and skips further starts.`, { hint: 'Wait for its end.' });
    const record = { action: 'color_session.processed', object: objectOf(session), after: { flow: slug, run: where.run } } as const;
    await client.query(auditInsert([{ actor, record }]));
    return where.run;
  });
}

function chosenFlow(flows: ColorFlow[]): string {
  const [first, ...more] = flows.toSorted((a, b) => Number(b.isChosen) - Number(a.isChosen));
  if (first && (first.isChosen || more.length === 0)) return first.slug;
  throw new InvalidInput('color_session.flow', first ? 'There are several color flows.' : 'There is no published flow of kind color.', {
    hint: first ? `Name one: ${flows.map(({ slug }) => slug).join(', ')}.` : 'Make one with the steps color.take, color.rank and color.keep.',
  });
}

function requireColorFlow({ flow, steps }: { flow: string; steps: Record<string, { use: string }> }): void {
  const used = Object.values(steps).map(({ use }) => use);
  const missing = ['color.take', 'color.rank', 'color.keep'].filter((use) => !used.includes(use));
  if (missing.length === 0) return;
  throw new InvalidInput('color_session.flow', `The flow "${flow}" cannot process a session: it has no ${missing.join(', no ')}.`, {
    hint: 'Choose a flow that takes, ranks and keeps colors.',
  });
}
