// Runs that failed for good: seen, replayed from what failed, or discarded with a word.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { DeadLetter } from '@tidewheel/contract/routes/dead-letters';
import type { RunSummary } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { maskedError, maskedStarter } from '../../base/masked-run.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { flowObject, runObject } from '../runs/run-object.ts';
import { runColumns } from '../runs/runs.store.ts';
import * as store from './dead-letters.store.ts';
import type { OperationsDependencies } from './operations-deps.ts';
import { rerun } from './rerun.service.ts';

export async function listDeadLetters(deps: OperationsDependencies, actor: Actor, query: store.LetterFilter & PageRequest): Promise<Page<DeadLetter>> {
  requirePermission(actor, 'run.read');
  const permitted = permittedRows(actor, 'run.read', runColumns);
  const page = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.listLetters(trx, { ...query, permitted }));
  return { ...page, items: page.items.map((row) => viewLetter(actor, row)) };
}

export async function showDeadLetter(deps: OperationsDependencies, actor: Actor, id: string): Promise<DeadLetter> {
  requirePermission(actor, 'run.read');
  const row = await find(deps, actor, id);
  requireRead(actor, { read: 'run.read', object: runObject(row), unknown: () => unknownLetter(id) });
  return viewLetter(actor, row);
}

/** Runs it again from what failed. @throws what `rerun` throws, Conflict `dead_letter.settled` */
export async function replay(deps: OperationsDependencies, actor: Actor, id: string): Promise<RunSummary> {
  requirePermission(actor, 'flow.run');
  const row = await find(deps, actor, id);
  requireRead(actor, { read: 'run.read', object: runObject(row), unknown: () => unknownLetter(id) });
  requirePermission(actor, 'flow.run', flowObject(row));
  const standing = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.findStanding(trx, id));
  if (standing?.state !== 'open') throw settled(row, standing?.state ?? row.state);
  const { replays, last_run_id: last } = standing;
  // The run has a transaction of its own, and none is held meanwhile: as many replays at once as there are connections would wait for one another for ever.
  // By its key the run is one for all who ask for this replay, also after somebody ended before he could note it.
  const run = await rerun(deps, actor, { id: last, from: 'failed', parameters: {}, mode: 'normal', idempotencyKey: `replay ${replays} of ${id}` });
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    if (!(await store.noteReplay(trx, { id, replay: run.id, repeats: last, replays }))) throw settled(row, 'replaying');
    await recordAudit(trx, actor, { action: 'dead_letter.replayed', object: objectOf(row), after: { run: run.id } });
    return run;
  });
}

/** @throws Conflict `dead_letter.settled` */
export async function discard(deps: OperationsDependencies, actor: Actor, { id, comment }: { id: string; comment: string }): Promise<DeadLetter> {
  requirePermission(actor, 'run.cancel');
  const row = await find(deps, actor, id);
  requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(row), unknown: () => unknownLetter(id) });
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const standing = await store.findStanding(trx, id, { lock: true });
    if (standing?.state !== 'open') throw settled(row, standing?.state ?? row.state);
    await store.markDiscarded(trx, { id, by: actor.label, comment });
    await recordAudit(trx, actor, {
      action: 'dead_letter.discarded',
      object: objectOf(row),
      before: { state: row.state },
      after: { state: 'discarded', comment },
    });
  });
  return viewLetter(actor, await find(deps, actor, id));
}

async function find({ databases }: OperationsDependencies, actor: Actor, id: string): Promise<store.LetterRow> {
  const row = await inWorkspace(databases.app, actor.workspaceId, (trx) => store.findLetter(trx, id));
  if (!row) throw unknownLetter(id);
  return row;
}

function viewLetter(actor: Actor, row: store.LetterRow): DeadLetter {
  const object = runObject(row);
  const startedBy = maskedStarter(actor, { startedBy: row.started_by, object });
  const error = maskedError(actor, { error: row.error, object });
  const { replay_id, replay_number, replay_state } = row;
  return {
    id: row.run_id,
    run: row.last_run_id,
    number: row.number,
    flow: row.flow,
    flowTitle: row.flow_title,
    state: row.state,
    code: row.code,
    message: error?.message ?? null,
    step: row.step_id,
    attempts: row.attempts ?? 0,
    at: row.at.toISOString(),
    startedBy,
    replays: row.replays,
    replay: replay_id && replay_number !== null && replay_state !== null ? { run: replay_id, number: replay_number, state: replay_state } : null,
    ended: row.ended_at && row.ended_by ? { at: row.ended_at.toISOString(), by: row.ended_by, comment: row.comment } : null,
  };
}

function objectOf({ run_id: id, number }: store.LetterRow): { type: string; id: string; title: string } {
  return { type: 'run', id, title: `Run ${number}` };
}

function settled({ number }: store.LetterRow, state: string): Conflict {
  if (state === 'replaying') return new Conflict('dead_letter.settled', `Run ${number} is being replayed.`, { hint: 'See how that run ends first.' });
  return new Conflict('dead_letter.settled', `The dead letter of run ${number} was ${state} already.`, { hint: 'The run itself can always be run again.' });
}

function unknownLetter(id: string): NotFound {
  return new NotFound('dead_letter.unknown', `There is no dead letter ${id} in this workspace.`, { hint: 'See the list of dead letters.' });
}
