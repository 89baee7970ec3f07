// The verbs that hold a run back and let it go on.
import { Conflict } from '@tidewheel/contract/errors';
import type { RunSummary } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { maskedSummary } from '../../base/masked-run.ts';
import { requireOn } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { runObject } from '../runs/run-object.ts';
import { viewSummary } from '../runs/run-view.ts';
import { findRun, type SummaryRow } from '../runs/runs.store.ts';
import { unknownRun } from '../runs/unknown-run.ts';
import { belowToo, pauseRun, resumeRun } from '../worker/pause.ts';
import type { OperationsDependencies } from './operations-deps.ts';

/** Again: nothing changes. @throws NotFound, NotAllowed, Conflict `run.ended`, `run.cancelling` */
export function pause(deps: OperationsDependencies, actor: Actor, id: string): Promise<RunSummary> {
  requirePermission(actor, 'run.cancel');
  return change(deps, actor, { id, what: pauseRun, action: 'run.paused' });
}

/** @throws NotFound, NotAllowed, Conflict `run.ended`, `run.cancelling`, `run.not_paused` */
export function resume(deps: OperationsDependencies, actor: Actor, id: string): Promise<RunSummary> {
  requirePermission(actor, 'run.cancel');
  return change(deps, actor, { id, what: resumeRun, action: 'run.resumed' });
}

interface Change {
  id: string;
  what: typeof pauseRun;
  action: 'run.paused' | 'run.resumed';
}

async function change(deps: OperationsDependencies, actor: Actor, { id, what, action }: Change): Promise<RunSummary> {
  const before = await find(deps, actor, id);
  requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(before), unknown: () => unknownRun(id) });
  if (before.parent_id !== null && before.paused_at === null && action === 'run.resumed') throw notPaused(before);
  const { databases, queue, runnerOf } = deps;
  const done = await databases.engine.transaction().execute(async (trx) => {
    const changed = await what(runnerOf(trx), { queue, run: id, by: actor.label });
    if (changed?.changed)
      await recordAudit(trx, actor, { action, object: { type: 'run', id, title: `Run ${changed.number}` }, after: { state: changed.state } });
    return changed;
  });
  if (!done) throw over(await find(deps, actor, id));
  const below = await belowToo(databases.enginePool, { what, run: id, by: actor.label, queue, passesOn: done.passesOn });
  if (action === 'run.resumed' && !done.changed && below === 0) throw notPaused(before);
  const after = await find(deps, actor, id);
  return maskedSummary(actor, { run: viewSummary(after), object: runObject(after) });
}

async function find({ databases }: OperationsDependencies, actor: Actor, id: string): Promise<SummaryRow> {
  const run = await inWorkspace(databases.app, actor.workspaceId, (trx) => findRun(trx, id));
  if (!run) throw unknownRun(id);
  return run;
}

function over({ number, state }: SummaryRow): Conflict {
  if (state === 'cancelling')
    return new Conflict('run.cancelling', `Run ${number} is being cancelled.`, { hint: 'Wait until it has ended; then it can be run again.' });
  return new Conflict('run.ended', `Run ${number} had ${state} already.`, { hint: 'Nothing needs to be done.' });
}

function notPaused({ number }: SummaryRow): Conflict {
  return new Conflict('run.not_paused', `Run ${number} is not paused.`, { hint: 'See with `tidewheel run why` what it waits for.' });
}
