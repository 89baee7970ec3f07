// A flow run for every date of a range: its price first, then so many at once, seen and cancelled as one.
import { AppError, Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Backfill, BackfillPreview, BackfillRange } from '@tidewheel/contract/routes/backfills';
import { finalRunStates } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { maskedStarter } from '../../base/masked-run.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { calendarsOf } from '../calendars-of.ts';
import { runObject } from '../runs/run-object.ts';
import { checkedParameters } from '../runs/run-starter.ts';
import type { Startable } from '../runs/startable.ts';
import { flowGate } from '../worker/gate.store.ts';
import { datesOf } from './backfill-dates.ts';
import * as store from './backfills.store.ts';
import type { OperationsDependencies } from './operations-deps.ts';

/** @throws NotFound, NotAllowed, InvalidInput `backfill.parameter`, `backfill.range`, `run.parameters` */
export async function previewBackfill(
  deps: OperationsDependencies,
  actor: Actor,
  { slug, ...range }: BackfillRange & { slug: string },
): Promise<BackfillPreview> {
  requirePermission(actor, 'flow.run');
  return (await look(deps, actor, { slug, range })).preview;
}

/** @throws as the preview, and InvalidInput `backfill.nothing` */
export async function startBackfill(deps: OperationsDependencies, actor: Actor, { slug, ...range }: BackfillRange & { slug: string }): Promise<Backfill> {
  requirePermission(actor, 'flow.run');
  const { flow, preview, parametersOf } = await look(deps, actor, { slug, range });
  const { dates, concurrency } = preview;
  if (dates.length === 0)
    throw new InvalidInput('backfill.nothing', 'There is nothing to run in this range.', {
      hint: 'Choose other dates, or do not skip those that have succeeded.',
    });
  const id = newId();
  // Its own line where the flow has one: what may not overlap does not overlap here either.
  const { overlap } = flow.document;
  const gate = overlap ? { key: flowGate(flow.flowId), most: overlap.most } : { key: `backfill ${id}`, most: concurrency };
  const now = systemClock.now();
  const start = (date: string) =>
    ({ ...flow, parameters: parametersOf(date), now, idempotencyKey: store.keyOf(id, date), rerunOf: null, mode: range.mode, gate }) as const;
  // With all its runs in one transaction: dates of one that is half there would never be run.
  await deps.databases.engine.transaction().execute(async (trx) => {
    const { parameter, from: from_date, to: to_date, every, mode } = range;
    const of = { workspace_id: actor.workspaceId, id, flow_id: flow.flowId, created_by: actor.label };
    await store.insertBackfill(trx, { ...of, parameter, from_date, to_date, every, mode, concurrency, dates });
    const after = { flow: slug, parameter, from: from_date, to: to_date, every, runs: dates.length, concurrency, ...(mode === 'dry' ? { mode } : {}) };
    await recordAudit(trx, actor, { action: 'backfill.started', object: { type: 'backfill', id, title: flow.document.flow }, after });
    await deps.starter.startAll(trx, actor, dates.map(start));
  });
  return showBackfill(deps, actor, id);
}

export async function listBackfills(deps: OperationsDependencies, actor: Actor, query: { flow?: string | undefined } & PageRequest): Promise<Page<Backfill>> {
  requirePermission(actor, 'run.read');
  const permitted = permittedRows(actor, 'run.read', store.backfillColumns);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const page = await store.pageBackfills(trx, { ...query, permitted });
    const runs = await store.runsOf(
      trx,
      page.items.map(({ id }) => id),
    );
    return { ...page, items: page.items.map((row) => viewBackfill(actor, { row, runs: runs.get(row.id) ?? [] })) };
  });
}

export async function showBackfill(deps: OperationsDependencies, actor: Actor, id: string): Promise<Backfill> {
  requirePermission(actor, 'run.read');
  const { row, runs } = await find(deps, actor, id);
  requireRead(actor, { read: 'run.read', object: runObject(row), unknown: () => unknownBackfill(id) });
  return viewBackfill(actor, { row, runs });
}

/** Cancels what is left of it. @throws Conflict `backfill.over` */
export async function cancelBackfill(deps: OperationsDependencies, actor: Actor, id: string): Promise<Backfill> {
  requirePermission(actor, 'run.cancel');
  const { row, runs } = await find(deps, actor, id);
  requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(row), unknown: () => unknownBackfill(id) });
  const left = runs.filter(({ state }) => !finalRunStates.includes(state));
  if (left.length === 0) throw new Conflict('backfill.over', 'All runs of this backfill are over.', { hint: 'Nothing needs to be done.' });
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    await store.markCancelled(trx, { id, by: actor.label });
    await recordAudit(trx, actor, { action: 'backfill.cancelled', object: { type: 'backfill', id, title: row.flow }, after: { runs: left.length } });
  });
  // The newest first: what is held must be gone before the one in front of it ends.
  for (const run of left.reverse()) await deps.runs.cancelRun(actor, run.id).catch(passEnded);
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.markAllCancelled(trx, id));
  return showBackfill(deps, actor, id);
}

interface Looked {
  flow: Omit<Startable, 'parameters'>;
  preview: BackfillPreview;
  parametersOf(date: string): Record<string, unknown>;
}

async function look(deps: OperationsDependencies, actor: Actor, { slug, range }: { slug: string; range: BackfillRange }): Promise<Looked> {
  const flow = await deps.starter.find(actor, slug);
  const { parameter } = range;
  const declared = Object.hasOwn(flow.document.parameters, parameter) ? flow.document.parameters[parameter] : undefined;
  if (declared?.type !== 'date') throw noDate(flow, parameter);
  const all = datesOf(range);
  const now = systemClock.now();
  const { document } = flow;
  const calendars = await calendarsOf(deps.databases.engine, { workspaceId: actor.workspaceId, document, at: now });
  const parametersOf = (date: string) => checkedParameters({ document, given: { ...range.parameters, [parameter]: date }, now, calendars });
  // All of them now, so that none of them is refused half-way.
  for (const date of all) parametersOf(date);
  const { succeeded, medianMs } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => ({
    succeeded: await store.succeededDates(trx, { flowId: flow.flowId, parameter, dates: all }),
    medianMs: await store.medianDuration(trx, flow.flowId),
  }));
  const dates = range.skipSucceeded ? all.filter((date) => !succeeded.includes(date)) : all;
  const concurrency = Math.min(range.concurrency, flow.document.overlap?.most ?? range.concurrency);
  const expectedMs = medianMs === null ? null : Math.ceil(dates.length / concurrency) * medianMs;
  return { flow, parametersOf, preview: { runs: dates.length, dates, succeeded, medianMs, expectedMs, concurrency } };
}

async function find({ databases }: OperationsDependencies, actor: Actor, id: string): Promise<{ row: store.BackfillRow; runs: store.BackfillRun[] }> {
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await store.findBackfill(trx, id);
    if (!row) throw unknownBackfill(id);
    return { row, runs: (await store.runsOf(trx, [id])).get(id) ?? [] };
  });
}

function viewBackfill(actor: Actor, { row, runs }: { row: store.BackfillRow; runs: store.BackfillRun[] }): Backfill {
  const count = (is: (run: store.BackfillRun) => boolean) => runs.filter(is).length;
  const failed = runs.filter(({ state }) => state === 'failed');
  const isOver = runs.every(({ state }) => finalRunStates.includes(state));
  return {
    id: row.id,
    flow: row.flow,
    flowTitle: row.flow_title,
    parameter: row.parameter,
    from: row.from_date,
    to: row.to_date,
    every: row.every,
    mode: row.mode,
    concurrency: row.concurrency,
    createdBy: maskedStarter(actor, { startedBy: row.created_by, object: runObject(row) }),
    createdAt: row.created_at.toISOString(),
    state: row.cancelled_at ? 'cancelled' : isOver ? 'done' : 'running',
    cancelled: row.cancelled_at && row.cancelled_by ? { at: row.cancelled_at.toISOString(), by: row.cancelled_by } : null,
    progress: {
      total: row.dates.length,
      waiting: count(({ state }) => state === 'queued'),
      running: count(({ state }) => state === 'running' || state === 'cancelling'),
      succeeded: count(({ state }) => state === 'succeeded'),
      failed: failed.length,
      cancelled: count(({ state }) => state === 'cancelled'),
    },
    failed: failed.slice(0, 100).map(({ id: run, number, date }) => ({ run, number, date })),
  };
}

function noDate({ document }: Omit<Startable, 'parameters'>, parameter: string): InvalidInput {
  const dates = Object.entries(document.parameters).flatMap(([name, { type }]) => (type === 'date' ? [name] : []));
  return new InvalidInput('backfill.parameter', `The flow ${document.flow} has no parameter ${parameter} of the type date.`, {
    hint: dates.length > 0 ? `It has ${dates.join(', ')}.` : 'Declare one, and let its steps read it instead of `today`.',
  });
}

/** It ended meanwhile. */
function passEnded(thrown: unknown): void {
  if (!(thrown instanceof AppError) || thrown.code !== 'run.ended') throw thrown;
}

function unknownBackfill(id: string): NotFound {
  return new NotFound('backfill.unknown', `There is no backfill ${id} in this workspace.`, { hint: 'See the list of backfills.' });
}
