// Really signs in on hosts and says which part works; what the last test found is kept with the host.
import { InvalidInput, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { TargetTested } from '@tidewheel/contract/routes/target-operations';
import { type TargetChange, type TargetChoice, type TargetDetail, TargetFactValues, type TargetSystem } from '@tidewheel/contract/target';
import type { OpenTarget, Transport } from '@tidewheel/kit/define-transport';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { ServerSentEvent } from '../../base/endpoint.ts';
import { redactor } from '../../base/redactor.ts';
import { storable, storableJson } from '../../base/text.ts';
import { findNamed } from '../../platform/vault/named.store.ts';
import { recordAudit, recordAudits } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { chosenTargets } from './chosen-targets.ts';
import { keepFailure, keepReached, keepTest } from './contacts.store.ts';
import { type Opened, openTarget } from './open-target.ts';
import { idsOf } from './relations.ts';
import { existingFor, inUseBy } from './target-access.ts';
import { joinIn, openNamed } from './target-credential.ts';
import { objectOf } from './target-view.ts';
import { detailOf, type TargetDeps } from './targets.service.ts';
import { findTarget, keepFound, type TargetRow } from './targets.store.ts';
import { parseSettings, refused, transportOf } from './transports.ts';

const limitMs = 60_000;

/** @throws NotFound; what is wrong on the far side is in the result */
export async function testTarget(deps: TargetDeps, actor: Actor, { asked, signal }: { asked: string; signal: AbortSignal }): Promise<TestResult> {
  requirePermission(actor, 'target.edit');
  const row = await begin(deps, actor, { asked, action: 'target.tested' });
  return testRow(deps, actor, { row, signal });
}

// The entry is written before the test, which uses the secret whether it succeeds or not.
function begin(deps: TargetDeps, actor: Actor, { asked, action }: { asked: string; action: 'target.tested' | 'target.gathered' }): Promise<TargetRow> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await inUseBy(trx, actor, { asked, permission: 'target.edit' });
    await recordAudit(trx, actor, { action, object: objectOf(found) });
    return found;
  });
}

async function testRow(deps: TargetDeps, actor: Actor, { row, signal }: { row: TargetRow; signal: AbortSignal }): Promise<TestResult> {
  const result = await runTest(deps, { open: () => openTarget(deps, row, { runId: null, inMaintenanceToo: true }), signal });
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => keepTest(trx, row.id, { result, by: actor.label }));
  return result;
}

/** Within a time limit, and without a secret in what it reports. */
async function runTest({ transports }: TargetDeps, { open, signal }: { open: () => Promise<Opened>; signal: AbortSignal }): Promise<TestResult> {
  const started = performance.now();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  let opened: Opened | undefined;
  try {
    opened = await open();
    const { target } = opened;
    const transport = transportOf(transports, { kind: target.transport, os: target.os });
    const result = redactor.deep(await untilAborted(transport.test(target, { signal: limit, log: () => {} }), limit));
    return JSON.parse(storableJson(result)) as TestResult;
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    const check = limit.aborted
      ? { name: 'time', ok: false, detail: `The test was given up after ${Math.round((performance.now() - started) / 1000)} s.` }
      : { name: 'settings', ok: false, detail: message, ...(hint ? { hint } : {}) };
    return redactor.deep({ ok: false, ms: Math.round(performance.now() - started), checks: [check] });
  } finally {
    opened?.release();
  }
}

/** A transport that does not listen to its signal must not hold the caller. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  work.catch(() => {});
  const stop = () => ended.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, ended.promise]).finally(() => signal.removeEventListener('abort', stop));
}

export type Trying = Pick<TargetChange, 'transport' | 'settings' | 'credential' | 'via'> & {
  address: string;
  os: TargetSystem;
  /** The stored host that these are changes of. */
  target?: string | undefined;
  signal: AbortSignal;
};

/** Really connects with settings that are not saved. A credential is used only where this person could save it. */
export async function tryTarget(deps: TargetDeps, actor: Actor, { signal, ...input }: Trying): Promise<TestResult> {
  requirePermission(actor, 'target.edit');
  const transport = transportOf(deps.transports, { kind: input.transport, os: input.os });
  const settings = parseSettings(transport, input.settings ?? {});
  const prepared = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => prepare({ trx, actor, transport, settings }, input));
  return runTest(deps, { open: () => openTried(deps, { ...prepared, input, transport, settings }), signal });
}

interface Preparing {
  trx: WorkspaceTransaction;
  actor: Actor;
  transport: Transport;
  settings: Record<string, unknown>;
}

async function prepare({ trx, actor, transport, settings }: Preparing, { target, via, credential, address }: Omit<Trying, 'signal'>) {
  const before = target === undefined ? null : await existingFor(trx, actor, { asked: target, permission: 'target.edit' });
  const viaName = via === undefined ? (before?.via ?? null) : via;
  if (viaName !== null && !transport.takesVia)
    throw refused([{ path: 'via', message: `a host reached by ${transport.title} cannot be reached through another one` }]);
  const viaRow = viaName === null ? null : await inUseBy(trx, actor, { asked: viaName, permission: 'target.read' });
  const [viaId = null] = viaRow ? await idsOf(trx, { names: [viaRow.name], path: 'via' }) : [];
  const slug = credential === undefined ? (before?.credential ?? null) : credential;
  const to = { address, transport: transport.kind, settings, viaId };
  await joinIn(trx, { actor, transport, to, before, slug });
  await recordAudit(trx, actor, {
    action: 'target.tried',
    object: before && objectOf(before),
    after: { address, transport: transport.kind, settings, credential: slug, via: viaName },
  });
  return { to, viaRow, named: slug === null ? null : await findNamed(trx, slug), name: before?.name ?? address };
}

type Prepared = Awaited<ReturnType<typeof prepare>> & { input: Omit<Trying, 'signal'>; transport: Transport; settings: Record<string, unknown> };

async function openTried(deps: TargetDeps, { to, viaRow, named, name, input, transport, settings }: Prepared): Promise<Opened> {
  const via = viaRow && (await openTarget(deps, viaRow, { runId: null, inMaintenanceToo: true }));
  try {
    const own = named === null ? { credential: null, release: () => {} } : await openNamed(deps, { named, to });
    const { os, address } = input;
    const target: OpenTarget = { id: '', name, os, address, transport: transport.kind, settings, credential: own.credential, via: via?.target ?? null };
    const release = () => {
      own.release();
      via?.release();
    };
    return { target, release };
  } catch (thrown) {
    via?.release();
    throw thrown;
  }
}

/** Tells each result as it comes; at most `atOnce` at a time. Ends with the call. */
export async function testTargets(
  deps: TargetDeps,
  actor: Actor,
  { choice, atOnce, signal }: { choice: TargetChoice; atOnce: number; signal: AbortSignal },
): Promise<AsyncIterable<ServerSentEvent>> {
  requirePermission(actor, 'target.edit');
  const { rows } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const chosen = await chosenTargets(trx, actor, choice);
    await recordAudits(
      trx,
      actor,
      chosen.rows.map((row) => ({ action: 'target.tested' as const, object: objectOf(row) })),
    );
    return chosen;
  });
  return testEach(deps, actor, { rows, atOnce, signal });
}

async function* testEach(
  deps: TargetDeps,
  actor: Actor,
  { rows, atOnce, signal }: { rows: readonly TargetRow[]; atOnce: number; signal: AbortSignal },
): AsyncGenerator<ServerSentEvent> {
  yield { event: 'begin', data: { targets: rows.length } };
  const waiting = [...rows];
  const running = new Map<string, Promise<TargetTested>>();
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let ok = 0;
  try {
    while (!signal.aborted && (waiting.length > 0 || running.size > 0)) {
      for (let row = running.size < atOnce ? waiting.shift() : undefined; row; row = running.size < atOnce ? waiting.shift() : undefined) {
        const { name } = row;
        running.set(
          name,
          testRow(deps, actor, { row, signal: both }).then(
            (result) => ({ name, result }),
            (thrown: unknown) => ({ name, result: notTested(thrown) }),
          ),
        );
      }
      const tested = await Promise.race(running.values());
      running.delete(tested.name);
      if (tested.result.ok) ok++;
      yield { event: 'tested', data: tested };
    }
    if (!signal.aborted) yield { event: 'end', data: { targets: rows.length, ok } };
  } finally {
    // Whoever asked has gone: what still runs is given up.
    stop.abort();
  }
}

function notTested(thrown: unknown): TestResult {
  return { ok: false, ms: 0, checks: [{ name: 'test', ok: false, detail: toAppError(thrown).message }] };
}

/** Asks the host itself. @throws InvalidInput where its transport cannot; AppError of the far side */
export async function gatherTarget(deps: TargetDeps, actor: Actor, { asked, signal }: { asked: string; signal: AbortSignal }): Promise<TargetDetail> {
  requirePermission(actor, 'target.edit');
  const row = await begin(deps, actor, { asked, action: 'target.gathered' });
  const transport = transportOf(deps.transports, { kind: row.transport, os: row.os });
  if (!transport.gather)
    throw new InvalidInput('target.no_facts', `Nothing can be found out by ${transport.title}.`, { hint: 'Write the facts down in the host instead.' });
  const { target, release } = await openTarget(deps, row, { runId: null, inMaintenanceToo: true });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    const found = redactor.deep(await untilAborted(transport.gather(target, { signal: limit, log: () => {} }), limit));
    const facts = keepable(JSON.parse(storableJson(found)) as Record<string, unknown>);
    return await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
      await keepFound(trx, row.id, facts);
      await keepReached(trx, row.id, actor.label);
      return detailOf(trx, (await findTarget(trx, row.id)) ?? row);
    });
  } catch (thrown) {
    const why = storable(redactor.text(toAppError(thrown).message));
    if (!signal.aborted) await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => keepFailure(trx, row.id, { by: actor.label, why }));
    throw thrown;
  } finally {
    release();
  }
}

/** What a host says of itself is not ours: what is no fact by name or size is left out. */
function keepable(found: Record<string, unknown>): TargetFactValues {
  const facts = Object.entries(found).filter(([name, value]) => TargetFactValues.safeParse({ [name]: value }).success);
  return Object.fromEntries(facts.slice(0, 200)) as TargetFactValues;
}
