// One commit of a worker: results, events, logs, what became ready and which leases end, in a single transaction (DESIGN 4).
import type { StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import type { EndedItem, Item } from './batch.ts';
import { itemsByRun } from './batch.ts';
import * as store from './commit.store.ts';
import { isLine } from './decide.ts';
import type { ClaimedJob, JobQueue } from './job-queue.ts';
import type { LiveRun } from './live-run.ts';
import { RunCommit } from './run-commit.ts';
import { totalsOf } from './totals.ts';
import { writeWatched } from './watched.store.ts';

/** Thrown when this worker has been declared dead: nothing it has may be written. */
export class DeclaredDead extends Error {}

export interface Committed {
  /** The unit with which each ended lease goes on; null: the lease is over. */
  next: Map<EndedItem, string | null>;
  /** Runs found to be in cancellation. */
  cancelling: Set<string>;
}

/** Begins a transaction on `client` and writes `items` in it; the caller commits. */
export async function writeBatch(
  client: pg.ClientBase,
  { items, worker, seq, queue, isYielding }: { items: Item[]; worker: string; seq: number; queue: JobQueue; isYielding: boolean },
): Promise<Committed> {
  if (!(await store.beginFenced(client, { worker, seq }))) throw new DeclaredDead();
  const byRun = itemsByRun(items);
  const locked = await store.lockRuns(client, [...byRun.keys()]);
  const commits: RunCommit[] = [];
  for (const [id, some] of byRun) {
    const run = locked.get(id);
    if (run) commits.push(new RunCommit({ run, live: some[0]?.live as LiveRun, items: some, worker, isYielding }));
  }
  const written = await store.writeSteps(
    client,
    commits.flatMap((commit) => commit.stepRows()),
  );
  await decide(client, { commits, written });
  await write(client, { commits, queue });
  await store.announce(client, locked.values());
  return {
    next: new Map(commits.flatMap((commit) => [...commit.next])),
    cancelling: new Set(commits.filter((commit) => commit.run.state === 'cancelling').map((commit) => commit.run.id)),
  };
}

async function decide(client: pg.ClientBase, { commits, written }: { commits: RunCommit[]; written: Set<string> }): Promise<void> {
  const ending = commits.filter((commit) => commit.ended.length > 0);
  const cancelling = ending.filter((commit) => commit.run.state === 'cancelling');
  const leases =
    cancelling.length === 0
      ? new Map<string, string[]>()
      : await store.leasesByRun(
          client,
          cancelling.map((commit) => commit.run.id),
        );
  const looked = ending.filter((commit) => commit.run.state !== 'cancelling' && !isLine(commit.live.plan));
  const states =
    looked.length === 0
      ? new Map<string, Map<string, StepState>>()
      : await store.readStates(
          client,
          looked.map((commit) => commit.run.id),
        );
  for (const commit of commits) commit.decide({ written, states: states.get(commit.run.id) ?? null, leases: leases.get(commit.run.id) ?? [] });
  const finishing = commits.filter((commit) => commit.outcome !== null);
  if (finishing.length === 0) return;
  const cancelled = finishing.filter((commit) => commit.outcome === 'cancelled').map((commit) => commit.run.id);
  if (cancelled.length > 0) await store.cancelOpenSteps(client, cancelled);
  const elsewhere = finishing.filter((commit) => !isLine(commit.live.plan) || commit.outcome === 'cancelled');
  const totals = await store.readTotals(
    client,
    elsewhere.map((commit) => commit.run.id),
  );
  for (const commit of finishing) commit.finish(totalsOf(commit.live.plan, totals.get(commit.run.id) ?? commit.knownTotals()));
}

async function write(client: pg.ClientBase, { commits, queue }: { commits: RunCommit[]; queue: JobQueue }): Promise<void> {
  const settled: ClaimedJob[] = commits.flatMap((commit) => commit.settled);
  await store.writeSteps(
    client,
    commits.flatMap((commit) => commit.laterRows),
  );
  await store.writeObjects(client, distinctObjects(commits));
  await store.writeArtifacts(
    client,
    commits.flatMap((commit) => commit.artifacts),
  );
  for (const commit of commits) {
    for (const item of commit.items) {
      if (item.kind === 'once') await store.writeOnce(client, item);
      if (item.kind === 'delivery') await store.writeDelivery(client, item);
    }
  }
  await store.writeEvents(
    client,
    commits.flatMap((commit) => commit.events),
  );
  await store.writeLogs(
    client,
    commits.flatMap((commit) => commit.logs),
  );
  await writeWatched(client, commits);
  await store.writeRuns(
    client,
    commits.map((commit) => commit.change()),
  );
  const jobs = commits.flatMap((commit) => commit.jobs);
  await store.moveLeases(
    client,
    commits.flatMap((commit) => commit.moves()),
  );
  if (jobs.length > 0) await queue.enqueue(client, jobs);
  if (settled.length > 0) {
    await queue.settle(client, settled);
    await store.dropLeases(
      client,
      settled.map((job) => job.id),
    );
  }
}

// Sorted, so that two workers that store the same objects never wait for each other crosswise.
function distinctObjects(commits: RunCommit[]): { workspace: string; sha256: string; size: number }[] {
  const all = new Map(commits.flatMap((commit) => commit.objects()).map((object) => [`${object.workspace}/${object.sha256}`, object]));
  return [...all.keys()].sort().map((key) => all.get(key) as { workspace: string; sha256: string; size: number });
}
