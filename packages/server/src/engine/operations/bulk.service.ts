// Operations on many runs: what they will touch is bound by a preview; each run is then done as by hand.
import { Conflict, InvalidInput, NotAllowed, NotFound, toAppError } from '@tidewheel/contract/errors';
import { type BulkAction, type BulkOutcome, type BulkPreview, type BulkSelection, bulkBatch, mostInBulk } from '@tidewheel/contract/routes/bulk';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { maskedStarter, maskedSummary } from '../../base/masked-run.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { runObject } from '../runs/run-object.ts';
import { viewSummary } from '../runs/run-view.ts';
import { findRuns, runColumns } from '../runs/runs.store.ts';
import { endBatch, keepBulk, selectRuns, takeBatch } from './bulk.store.ts';
import { discard, replay } from './dead-letters.service.ts';
import type { OperationsDependencies, StartOne } from './operations-deps.ts';
import { pause, resume } from './pause.service.ts';
import { rerun } from './rerun.service.ts';

const sampleSize = 5;

/** Touches nothing. @throws InvalidInput `bulk.too_many`, `bulk.comment` */
export async function previewBulk(deps: OperationsDependencies, actor: Actor, selection: BulkSelection): Promise<BulkPreview> {
  requirePermission(actor, 'run.read');
  const { action, from, comment } = selection;
  if (action === 'discard' && !comment)
    throw new InvalidInput('bulk.comment', 'Dead letters are discarded with a comment.', { hint: 'Say why nothing will be done about them.' });
  if (selection.filter?.startedBy !== undefined && hidesWho(actor)) throw hidden();
  const permitted = permittedRows(actor, 'run.read', runColumns);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await selectRuns(trx, { ...selection, permitted });
    if (found.length > mostInBulk) throw tooMany();
    const runs = found.filter(({ isFit }) => isFit).map(({ id }) => id);
    const id = await keepBulk(trx, { workspaceId: actor.workspaceId, action, detail: comment ?? from ?? null, runs, by: actor.label });
    const rows = runs.length === 0 ? [] : await findRuns(trx, { workspaceId: actor.workspaceId, ids: runs.slice(0, sampleSize) });
    const sample = rows.sort((a, b) => b.number - a.number).map((row) => maskedSummary(actor, { run: viewSummary(row), object: runObject(row) }));
    const asked = selection.ids ? new Set(selection.ids).size : found.length;
    return { id, action, total: runs.length, passedOver: asked - runs.length, sample };
  });
}

/** Does the next batch. @throws NotFound `bulk.unknown` for one that is not his, or too old, Conflict `bulk.busy` */
export async function runBulk(deps: OperationsDependencies, actor: Actor, id: string): Promise<BulkOutcome> {
  requirePermission(actor, 'run.read');
  const token = newId();
  const { action, detail, runs, position, batch } = await take(deps, actor, { id, token });
  const results: BulkOutcome['results'] = [];
  for (let at = 0; at < batch.length; at += together) {
    const some = batch.slice(at, at + together);
    results.push(...(await Promise.all(some.map((run) => outcomeOf(run, () => doOne(deps, actor, { id, action, run, detail }))))));
  }
  const done = position + batch.length;
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => endBatch(trx, { id, token, position: done }));
  return { id, action, total: runs.length, left: runs.length - done, results };
}

function take({ databases }: OperationsDependencies, actor: Actor, { id, token }: { id: string; token: string }) {
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const taken = await takeBatch(trx, { id, by: actor.label, size: bulkBatch, token });
    if (!taken) throw new NotFound('bulk.unknown', 'There is no such selection of runs, or it is older than 15 minutes.', { hint: 'Select them again.' });
    if (taken.isBusy)
      throw new Conflict('bulk.busy', 'The next runs of this selection are being worked on already.', {
        hint: 'Go on in a moment. If the server that works on them has stopped, they are done again two minutes after it began.',
      });
    const { action, runs, detail } = taken;
    if (taken.taken_token === null)
      await recordAudit(trx, actor, { action: 'bulk.started', object: { type: 'bulk', id, title: action }, after: { action, runs: runs.length, detail } });
    return taken;
  });
}

const together = 4;

/** Starts one run for each; those that arrive together are written together. */
export async function startMany(
  { runs, starter }: OperationsDependencies,
  actor: Actor,
  { slug, runs: wanted, ...rest }: Omit<StartOne, 'parameters' | 'idempotencyKey'> & { runs: Pick<StartOne, 'parameters' | 'idempotencyKey'>[] },
): Promise<{ run: string | null; number: number | null; code: string | null; message: string | null }[]> {
  requirePermission(actor, 'flow.run');
  // What keeps the flow itself from being run is no fault of one set of parameters.
  await starter.find(actor, slug);
  return Promise.all(
    wanted.map(async (one) => {
      try {
        const { id, number } = await runs.startRun(actor, { slug, ...rest, ...one });
        return { run: id, number, code: null, message: null };
      } catch (thrown) {
        const { code, message } = toAppError(thrown);
        return { run: null, number: null, code, message };
      }
    }),
  );
}

async function doOne(
  deps: OperationsDependencies,
  actor: Actor,
  { id, action, run, detail }: { id: string; action: BulkAction; run: string; detail: string | null },
): Promise<string | null> {
  if (action === 'cancel') await deps.runs.cancelRun(actor, run);
  if (action === 'pause') await pause(deps, actor, run);
  if (action === 'resume') await resume(deps, actor, run);
  if (action === 'discard') await discard(deps, actor, { id: run, comment: detail ?? '' });
  // A batch that is done again starts none twice.
  const idempotencyKey = `bulk ${id}`;
  if (action === 'rerun') return (await rerun(deps, actor, { id: run, parameters: {}, from: detail === 'failed' ? 'failed' : undefined, idempotencyKey })).id;
  return action === 'replay' ? (await replay(deps, actor, run)).id : null;
}

async function outcomeOf(run: string, work: () => Promise<string | null>): Promise<BulkOutcome['results'][number]> {
  try {
    return { run, done: true, started: await work(), code: null, message: null };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    return { run, done: false, started: null, code, message };
  }
}

/** Whoever must not see who started runs could find it out by a filter. */
function hidesWho(actor: Actor): boolean {
  return maskedStarter(actor, { startedBy: '?', object: {} }) !== '?';
}

function hidden(): NotAllowed {
  return new NotAllowed('bulk.hidden', 'Your role keeps from you who started a run, so runs cannot be selected by it.', {
    hint: 'Select them by flow, state or time.',
  });
}

function tooMany(): InvalidInput {
  return new InvalidInput('bulk.too_many', `That is more than ${mostInBulk.toLocaleString('en')} runs.`, { hint: 'Narrow the filter, for example by time.' });
}
