// A flow run many times over: started as one, measured by what its runs recorded, compared with the time before.
import { AppError, Conflict, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { PerformanceOrder, PerformanceReport, PerformanceTest } from '@tidewheel/contract/routes/performance';
import { finalRunStates } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { calendarsOf } from '../calendars-of.ts';
import { runObject } from '../runs/run-object.ts';
import { checkedParameters } from '../runs/run-starter.ts';
import { flowGate } from '../worker/gate.store.ts';
import type { OperationsDependencies } from './operations-deps.ts';
import * as store from './performance.store.ts';
import { spreadOf, viewReport, viewTest } from './performance-view.ts';

/** @throws NotFound, NotAllowed, InvalidInput `run.parameters` */
export async function startPerformanceTest(
  deps: OperationsDependencies,
  actor: Actor,
  { slug, ...order }: PerformanceOrder & { slug: string },
): Promise<PerformanceReport> {
  requirePermission(actor, 'flow.run');
  const flow = await deps.starter.find(actor, slug);
  const { document, flowId } = flow;
  const now = systemClock.now();
  const calendars = await calendarsOf(deps.databases.engine, { workspaceId: actor.workspaceId, document, at: now });
  const parameters = checkedParameters({ document, given: order.parameters, now, calendars });
  const { overlap } = document;
  const concurrency = Math.min(order.concurrency, overlap?.most ?? order.concurrency);
  const { runs, mode } = order;
  const id = newId();
  // Its own line where the flow has one: what may not overlap does not overlap here either.
  const gate = overlap ? { key: flowGate(flowId), most: overlap.most } : { key: `performance ${id}`, most: concurrency };
  const start = (at: number) => ({ ...flow, parameters, now, idempotencyKey: store.keyOf(id, at), rerunOf: null, mode, gate, overlap: 'queue' }) as const;
  // With all its runs in one transaction: one that is half there would never be whole.
  await deps.databases.engine.transaction().execute(async (trx) => {
    const of = { workspace_id: actor.workspaceId, id, flow_id: flowId, created_by: actor.label };
    await store.insertTest(trx, { ...of, version: flow.version, mode, runs, concurrency });
    const after = { flow: slug, version: flow.version, runs, concurrency, mode };
    await recordAudit(trx, actor, { action: 'performance_test.started', object: { type: 'performance_test', id, title: document.flow }, after });
    await deps.starter.startAll(
      trx,
      actor,
      Array.from({ length: runs }, (_, at) => start(at)),
    );
  });
  return showPerformanceTest(deps, actor, id);
}

export async function listPerformanceTests(
  deps: OperationsDependencies,
  actor: Actor,
  query: { flow?: string | undefined } & PageRequest,
): Promise<Page<PerformanceTest>> {
  requirePermission(actor, 'run.read');
  const permitted = permittedRows(actor, 'run.read', store.performanceColumns);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const page = await store.pageTests(trx, { ...query, permitted });
    const runs = await store.runsOf(
      trx,
      page.items.map((row) => row.id),
    );
    return { ...page, items: page.items.map((row) => viewTest(actor, { row, runs: runs.get(row.id) ?? [] })) };
  });
}

export async function showPerformanceTest(deps: OperationsDependencies, actor: Actor, id: string): Promise<PerformanceReport> {
  requirePermission(actor, 'run.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await found(trx, id);
    requireRead(actor, { read: 'run.read', object: runObject(row), unknown: () => unknownTest(id) });
    return reportOf(trx, actor, row);
  });
}

/** Cancels what is left of it. @throws Conflict `performance.over` */
export async function cancelPerformanceTest(deps: OperationsDependencies, actor: Actor, id: string): Promise<PerformanceReport> {
  requirePermission(actor, 'run.cancel');
  const left = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await found(trx, id);
    requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(row), unknown: () => unknownTest(id) });
    const open = ((await store.runsOf(trx, [id])).get(id) ?? []).filter(({ state }) => !finalRunStates.includes(state));
    if (open.length === 0) throw new Conflict('performance.over', 'All runs of this performance test are over.', { hint: 'Nothing needs to be done.' });
    await store.markCancelled(trx, { id, by: actor.label });
    await recordAudit(trx, actor, {
      action: 'performance_test.cancelled',
      object: { type: 'performance_test', id, title: row.flow },
      after: { runs: open.length },
    });
    return open;
  });
  // The newest first: what is held must be gone before the one in front of it ends.
  for (const run of left.reverse()) await deps.runs.cancelRun(actor, run.id).catch(passEnded);
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.markAllCancelled(trx, id));
  return showPerformanceTest(deps, actor, id);
}

async function reportOf(trx: WorkspaceTransaction, actor: Actor, row: store.PerformanceRow): Promise<PerformanceReport> {
  const earlier = await store.findBefore(trx, row);
  const byTest = await store.runsOf(trx, [row.id, ...(earlier ? [earlier.id] : [])]);
  const runs = byTest.get(row.id) ?? [];
  const steps = await store.measuredSteps(trx, idsOf(runs));
  const earlierRuns = byTest.get(earlier?.id ?? '') ?? [];
  const ms = spreadOf(earlierRuns);
  const before = earlier && ms ? { row: earlier, ms, steps: await store.measuredSteps(trx, idsOf(earlierRuns)) } : null;
  return viewReport(actor, { row, runs, steps, before });
}

function idsOf(runs: store.MeasuredRun[]): string[] {
  return runs.filter(({ state }) => state !== 'cancelled').map(({ id }) => id);
}

async function found(trx: WorkspaceTransaction, id: string): Promise<store.PerformanceRow> {
  const row = await store.findTest(trx, id);
  if (!row) throw unknownTest(id);
  return row;
}

/** It ended meanwhile. */
function passEnded(thrown: unknown): void {
  if (!(thrown instanceof AppError) || thrown.code !== 'run.ended') throw thrown;
}

function unknownTest(id: string): NotFound {
  return new NotFound('performance.unknown', `There is no performance test ${id} in this workspace.`, { hint: 'See the list of performance tests.' });
}
