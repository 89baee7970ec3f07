// What lets a waiting step go on from outside: signals of people and programs that are signed in, callbacks of those who got the address.
import { Conflict, NotFound, TooLarge } from '@tidewheel/contract/errors';
import { StepId } from '@tidewheel/contract/identifiers';
import type { SignalTaken } from '@tidewheel/contract/routes/signals';
import { valueLimitBytes } from '@tidewheel/contract/values';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { AuditActor } from '../../base/audit.ts';
import { requireRead } from '../../base/object-access.ts';
import { storableJson } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { type Callbacks, runOfToken } from '../callbacks.ts';
import { flowObject, runObject } from '../runs/run-object.ts';
import { findRunObject } from '../runs/runs.store.ts';
import type { JobQueue } from '../worker/job-queue.ts';
import { runnerOf } from '../worker/runner-of.ts';
import { type Arrival, type Taken, takeArrival } from './signals.store.ts';

export interface SignalDeps {
  databases: Databases;
  queue: JobQueue;
  callbacks: Callbacks;
}

/** @throws NotFound, NotAllowed, TooLarge, TooMany, Conflict `run.ended` */
export async function sendSignal(deps: SignalDeps, actor: Actor, { run, name, data }: { run: string; name: string; data: unknown }): Promise<SignalTaken> {
  requirePermission(actor, 'flow.run');
  await requireRunnable(deps, actor, run);
  refuseLarge(data);
  const taken = await take(deps, actor, { run, kind: 'signal', name, data, who: actor.label });
  if (taken === null) throw unknownRun(run);
  return { step: taken.step, kept: taken.step === null };
}

/** The address itself is a secret: whoever has it needs no account. @throws NotFound, NotAllowed */
export async function showCallback(deps: SignalDeps, actor: Actor, { run, name }: { run: string; name: string }): Promise<{ url: string }> {
  requirePermission(actor, 'flow.run');
  await requireRunnable(deps, actor, run);
  return { url: `${deps.callbacks.addressOf(run)}/${name}` };
}

/** An address that is wrong in any way is no address. @throws NotFound, TooLarge, TooMany, Conflict `run.ended` */
export async function callBack(deps: SignalDeps, { token, name, data, via }: { token: string; name: string; data: unknown; via: Actor['via'] }): Promise<void> {
  const run = runOfToken(token, deps.callbacks.key);
  if (run === null || !StepId.safeParse(name).success) throw noCallback();
  refuseLarge(data);
  const caller = { userId: null, label: 'callback', kind: 'nobody', ...(via && { via }) } as const;
  const taken = await take(deps, caller, { run, kind: 'callback', name, data, who: 'callback' });
  if (taken === null) throw noCallback();
}

async function requireRunnable({ databases }: SignalDeps, actor: Actor, run: string): Promise<void> {
  const owner = await inWorkspace(databases.app, actor.workspaceId, (trx) => findRunObject(trx, run));
  if (!owner) throw unknownRun(run);
  requireRead(actor, { read: 'run.read', object: runObject(owner), unknown: () => unknownRun(run) });
  requirePermission(actor, 'flow.run', flowObject(owner));
}

async function take({ databases, queue }: SignalDeps, actor: Omit<AuditActor, 'workspaceId'>, arrival: Arrival): Promise<Taken | null> {
  const taken = await databases.engine.transaction().execute(async (trx) => {
    const came = await takeArrival(runnerOf(trx), { queue, ...arrival });
    if (came === null || came === 'over') return came;
    const { workspaceId, number, step } = came;
    await recordAudit(
      trx,
      { ...actor, workspaceId },
      {
        action: arrival.kind === 'signal' ? 'run.signalled' : 'run.called_back',
        object: { type: 'run', id: arrival.run, title: `Run ${number}` },
        after: { name: arrival.name, step, data: arrival.data ?? null },
      },
    );
    return came;
  });
  if (taken !== 'over') return taken;
  throw new Conflict('run.ended', 'The run is over, or is ending: it takes nothing any more.', { hint: 'Nothing needs to be done.' });
}

function refuseLarge(data: unknown): void {
  const bytes = Buffer.byteLength(storableJson(data ?? null));
  if (bytes <= valueLimitBytes) return;
  throw new TooLarge('signal.too_large', `What is sent takes ${bytes.toLocaleString('en')} bytes; at most ${valueLimitBytes.toLocaleString('en')} are taken.`, {
    hint: 'Send where the data is instead, and let a step of the flow fetch it.',
  });
}

function noCallback(): NotFound {
  return new NotFound('callback.unknown', 'There is nothing at this address.');
}

function unknownRun(id: string): NotFound {
  return new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'See the list of runs.' });
}
