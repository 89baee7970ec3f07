// Gathers what a run waits for and what holds it back, as far as whoever asks may see it.

import type { Attributes } from '@tidewheel/contract/ability';
import { type Actor, may } from '../../../base/actor.ts';
import { maskedAddress } from '../../../platform/identity/masked-person.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { permittedRows } from '../../../storage/permitted-rows.ts';
import { findDeciders, findVotes, type VoteRow } from '../../waits/approvals.store.ts';
import { eligibility } from '../../waits/eligibility.ts';
import type { Runner } from '../../worker/job-queue.ts';
import { countBelow, findWaits, runColumns } from '../runs.store.ts';
import type { HoldFacts, NamedRun, ParkedFacts, WaitFacts } from './facts.ts';
import * as store from './why.store.ts';

export interface HeldFacts {
  waits: WaitFacts[];
  parked: ParkedFacts[];
  hold: HoldFacts;
}

export const nothingHeld: HeldFacts = { waits: [], parked: [], hold: { paused: null, held: null } };

interface Asked {
  run: string;
  object: Attributes;
  engine: Pick<Runner, 'query'>;
}

/** Of so many things that wait for a slot is counted what goes first. */
const mostCounted = 10;

export async function heldFacts(trx: WorkspaceTransaction, actor: Actor, asked: Asked): Promise<HeldFacts> {
  const permitted = permittedRows(actor, 'run.read', runColumns);
  const parked = await store.findParked(trx, asked.run);
  const keys = [...new Set(parked.flatMap((one) => one.keys ?? []))];
  const holders = await store.findHolders(trx, { keys, permitted });
  const slotsBefore = parked.filter(({ why }) => why === 'slot').slice(0, mostCounted);
  const ahead = await store.countSlotsBefore(
    trx,
    slotsBefore.map(({ id }) => id),
  );
  return {
    waits: await waitFacts(trx, actor, asked),
    parked: parked.map((one) => ({
      unit: one.unit,
      why: one.why,
      keys: one.keys ?? [],
      since: one.since,
      ahead: ahead.get(one.id) ?? null,
      holders: holders.filter(({ key }) => one.keys?.includes(key)).map((holder) => ({ run: namedRun(holder), step: holder.unit, since: holder.since })),
    })),
    hold: await holdFacts(trx, { run: asked.run, permitted }),
  };
}

async function waitFacts(trx: WorkspaceTransaction, actor: Actor, asked: Asked): Promise<WaitFacts[]> {
  const waits = await findWaits(trx, asked.run);
  const isKind = (kind: string) => waits.some((wait) => wait.kind === kind);
  const below = isKind('children') ? await countBelow(trx, asked.run) : [];
  const failed = below.some((one) => one.failed > 0)
    ? await store.findFailedBelow(trx, { run: asked.run, permitted: permittedRows(actor, 'run.read', runColumns) })
    : [];
  const approvals = isKind('approval') ? await approvalFacts(trx, actor, asked) : new Map<string, WaitFacts['approval']>();
  return waits.map((wait) => {
    const counts = below.find((one) => one.step === wait.step_id);
    return {
      step: wait.step_id,
      kind: wait.kind,
      name: wait.name,
      since: wait.opened_at,
      until: wait.until_at,
      approval: approvals.get(wait.id) ?? null,
      children:
        wait.kind === 'children'
          ? {
              total: wait.total,
              running: counts?.running ?? 0,
              failed: counts?.failed ?? 0,
              ended: (counts?.succeeded ?? 0) + (counts?.failed ?? 0) + (counts?.cancelled ?? 0),
              failedRuns: failed.filter((one) => one.parent_step === wait.step_id).map(namedRun),
            }
          : null,
    };
  });
}

async function approvalFacts(trx: WorkspaceTransaction, actor: Actor, { run, object, engine }: Asked): Promise<Map<string, WaitFacts['approval']>> {
  const facts = new Map<string, WaitFacts['approval']>();
  for (const { id, approvers, quorum, requesters } of await store.findApprovals(trx, run)) {
    const votes: VoteRow[] = await findVotes(trx, id);
    const deciders = await findDeciders(engine, { workspaceId: actor.workspaceId, approvers, requesters });
    const own = deciders.filter((one) => one.id === actor.userId);
    const asking = { userId: actor.userId, kind: actor.kind, requesters, own, votes, ended: false, may: may(actor, 'approval.decide', object) };
    const left = deciders.filter((one) => !votes.some((vote) => vote.user_id === one.id || vote.represents === one.represents));
    facts.set(id, {
      id,
      approvers: approvers.map((one) => (one.includes('@') ? maskedAddress(actor, one) : one)),
      approved: votes.filter((vote) => vote.decision === 'approve').length,
      quorum,
      deciders: new Set(left.map((one) => one.represents)).size,
      you: eligibility(asking).can,
    });
  }
  return facts;
}

async function holdFacts(
  trx: WorkspaceTransaction,
  { run, permitted }: { run: string; permitted: Parameters<typeof store.findThrough>[1]['permitted'] },
): Promise<HoldFacts> {
  const found = await store.findHold(trx, run);
  if (!found) return nothingHeld.hold;
  const { paused_at, paused_by, held_at, gate, priority } = found;
  const paused = paused_at === null ? null : { at: paused_at, by: paused_by ?? 'Somebody' };
  if (held_at === null || gate === null) return { paused, held: null };
  const through = await store.findThrough(trx, { gate, permitted });
  return { paused, held: { at: held_at, through: through.map(namedRun), before: await store.countHeldBefore(trx, { gate, run, priority }) } };
}

function namedRun({ id, number, seen }: { id: string; number: number; seen: unknown }): NamedRun {
  return seen ? { id, number } : null;
}
