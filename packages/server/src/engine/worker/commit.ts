// One commit of a worker: results, events, logs, what became ready and which leases end, in a single transaction (DESIGN 4).
import { toStoredError } from '@tidewheel/contract/errors';
import type pg from 'pg';
import type { EndedItem, Item } from './batch.ts';
import { itemsByRun } from './batch.ts';
import { takeBack } from './cancel.ts';
import * as store from './commit.store.ts';
import { keepDeadLetters, settleDeadLetters } from './dead-letter.store.ts';
import { isLine, type Standings } from './decide.ts';
import { DeclaredDead } from './declared-dead.ts';
import { readFacts } from './facts.store.ts';
import { openGates } from './gate.store.ts';
import { InFlight, together } from './in-flight.ts';
import type { JobQueue, NewJob } from './job-queue.ts';
import { dropSlots } from './limit.store.ts';
import { type LiveRun, scopeOf } from './live-run.ts';
import { leafValues, outputValues } from './output-values.ts';
import { park } from './park.store.ts';
import { RunCommit } from './run-commit.ts';
import { raiseApprovals, raisingEnds } from './run-news.store.ts';
import { totalsOf } from './totals.ts';
import { closeWaits, openWaits, passOver, tickParents } from './wait.store.ts';
import { writeWatched } from './watched.store.ts';

export interface Committed {
  /** The unit with which each ended lease goes on; null: the lease is over. */
  next: Map<EndedItem, string | null>;
  /** Runs found to be in cancellation, and whether without cleaning up. */
  cancelling: Map<string, { forced: boolean }>;
  /** Keys of limits that may have a free slot now. */
  freed: { workspace: string; key: string }[];
}

export interface BatchOptions {
  items: Item[];
  worker: string;
  seq: number;
  queue: JobQueue;
  isYielding: boolean;
  /** Sends the commit; fulfilled when it is in. */
  commit(): Promise<void>;
}

/** Writes `items` in a transaction of its own on `client`, which may leave it open when this throws. */
export async function writeBatch(client: pg.ClientBase, { items, worker, seq, queue, isYielding, commit }: BatchOptions): Promise<Committed> {
  const byRun = itemsByRun(items);
  const [isMine, locked] = await together([store.beginFenced(client, { worker, seq }), store.lockRuns(client, [...byRun.keys()])]);
  if (!isMine) throw new DeclaredDead();
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
  const inFlight = new InFlight();
  let freed: Promise<Committed['freed']> = Promise.resolve([]);
  await inFlight.until(async () => {
    ({ freed } = await write(client, { commits, queue, inFlight }));
    inFlight.add(store.announce(client, locked.values()));
    return { committed: commit() };
  });
  return {
    next: new Map(commits.flatMap((commit) => [...commit.next])),
    cancelling: new Map(commits.filter(({ run }) => run.state === 'cancelling').map(({ run }) => [run.id, { forced: run.cancel_forced }])),
    freed: await freed,
  };
}

async function decide(client: pg.ClientBase, { commits, written }: { commits: RunCommit[]; written: Set<string> }): Promise<void> {
  const ending = commits.filter((commit) => commit.ended.length > 0);
  const cancelling = idsOf(ending.filter((commit) => commit.run.state === 'cancelling'));
  const leases = cancelling.length === 0 ? null : await store.leasesByRun(client, cancelling);
  const children = cancelling.length === 0 ? null : await store.liveChildren(client, cancelling);
  const looked = ending.filter((commit) => commit.run.state === 'cancelling' || !isLine(commit.live.plan));
  const standings = looked.length === 0 ? new Map<string, Standings>() : await store.readStandings(client, idsOf(looked));
  for (const commit of commits) {
    const { id } = commit.run;
    const held = { leases: leases?.get(id) ?? [], children: children?.get(id) ?? 0 };
    commit.decide({ written, standings: standings.get(id) ?? null, held });
  }
  await store.markCompensated(
    client,
    commits.flatMap((commit) => commit.compensated),
  );
  const finishing = commits.filter((commit) => commit.outcome !== null);
  if (finishing.length === 0) return;
  const elsewhere = finishing.filter((commit) => !isLine(commit.live.plan) || commit.outcome === 'cancelled');
  const totals = await store.readTotals(client, idsOf(elsewhere));
  for (const commit of finishing) commit.finish(totalsOf(commit.live.plan, totals.get(commit.run.id) ?? commit.knownTotals()), await outputOf(client, commit));
}

function idsOf(commits: RunCommit[]): string[] {
  return commits.map((commit) => commit.run.id);
}

/** What the flow says that a run of it gives; of a part of a flow, what its last steps gave. */
async function outputOf(client: pg.ClientBase, commit: RunCommit): Promise<{ values: Record<string, unknown> } | { error: unknown } | null> {
  const { live, outcome } = commit;
  const { outputs } = live.plan.document;
  const isPart = live.part !== null || live.isMade;
  if (outcome !== 'succeeded' || !(outputs || isPart)) return null;
  if (!isLine(live.plan)) for (const fact of await readFacts(client, [live.id])) live.facts.set(fact.step_id, { state: fact.state, output: fact.output });
  for (const { end } of commit.ended) for (const step of end.steps) live.facts.set(step.step, { state: step.state, output: step.output });
  if (!outputs) return { values: leafValues(live.plan, new Map([...live.facts].map(([step, fact]) => [step, fact.output?.value]))) ?? {} };
  try {
    return { values: outputValues(outputs, scopeOf(live)) };
  } catch (error) {
    return { error: toStoredError(error) };
  }
}

/** What takes several statements, or whose answer is needed, is waited for; the rest goes out with the commit. */
async function write(
  client: pg.ClientBase,
  { commits, queue, inFlight }: { commits: RunCommit[]; queue: JobQueue; inFlight: InFlight },
): Promise<{ freed: Promise<Committed['freed']> }> {
  await writeSingly(client, commits);
  sendNews(client, { commits, inFlight });
  await writeWatched(client, commits);
  const jobs = [...commits.flatMap((commit) => commit.jobs), ...(await waits(client, commits)), ...(await ends(client, { commits, queue }))];
  await enqueue(client, { jobs, queue });
  inFlight.add(park(client, { jobs: commits.flatMap((commit) => commit.parked), why: 'paused' }));
  tellPeople(client, { commits, inFlight });
  const freed = dropSlots(
    client,
    commits.flatMap((commit) => commit.freeing),
  );
  inFlight.add(freed);
  inFlight.add(
    store.dropLeases(
      client,
      commits.flatMap((commit) => commit.settled),
    ),
  );
  return { freed };
}

async function writeSingly(client: pg.ClientBase, commits: RunCommit[]): Promise<void> {
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
}

function sendNews(client: pg.ClientBase, { commits, inFlight }: { commits: RunCommit[]; inFlight: InFlight }): void {
  inFlight.add(
    store.writeEvents(
      client,
      commits.flatMap((commit) => commit.events),
    ),
  );
  inFlight.add(
    store.writeLogs(
      client,
      commits.flatMap((commit) => commit.logs),
    ),
  );
  inFlight.add(
    store.writeRuns(
      client,
      commits.map((commit) => commit.change()),
    ),
  );
  inFlight.add(
    store.moveLeases(
      client,
      commits.flatMap((commit) => commit.moves()),
    ),
  );
}

async function enqueue(client: pg.ClientBase, { jobs, queue }: { jobs: NewJob[]; queue: JobQueue }): Promise<void> {
  if (jobs.length > 0) await queue.enqueue(client, jobs);
}

/** Waits that begin and end. @returns what may go on at once, because its answer was there before the question */
async function waits(client: pg.ClientBase, commits: RunCommit[]): Promise<NewJob[]> {
  await closeWaits(
    client,
    commits.flatMap((commit) => commit.closing),
  );
  await passOver(
    client,
    commits.flatMap((commit) => commit.passedOver),
  );
  return openWaits(
    client,
    commits.flatMap((commit) => commit.waits),
  );
}

/** What the end of runs sets going elsewhere: the step that a run worked for, and the next one at its gate. */
async function ends(client: pg.ClientBase, { commits, queue }: { commits: RunCommit[]; queue: JobQueue }): Promise<NewJob[]> {
  const over = commits.filter((commit) => commit.outcome !== null);
  if (over.length === 0) return [];
  // Of steps that were given up something may be queued, parked or waited for.
  for (const { run, outcome } of over) if (outcome === 'cancelled') await takeBack(client, { queue, run: run.id });
  const outermost = over.filter(({ live }) => live.parent === null);
  await keepDeadLetters(client, idsOf(outermost.filter(({ outcome }) => outcome === 'failed')));
  await settleDeadLetters(client, idsOf(outermost.filter(({ outcome, run }) => outcome === 'succeeded' && run.rerun_of !== null)));
  const parents = over.flatMap(({ live }) => live.parent ?? []);
  const gates = over.flatMap(({ run }) => (run.gate === null ? [] : [{ workspace: run.workspace_id, gate: run.gate }]));
  return [...(await tickParents(client, parents)), ...(await openGates(client, gates))];
}

/** Ends of runs that somebody started, and approvals that are asked for. */
function tellPeople(client: pg.ClientBase, { commits, inFlight }: { commits: RunCommit[]; inFlight: InFlight }): void {
  const over = commits.filter(({ outcome, live }) => outcome !== null && live.parent === null && live.mode === 'normal');
  const ends = raisingEnds(over.map(({ run }) => ({ workspace: run.workspace_id, run: run.id })));
  if (over.length > 0) inFlight.add(client.query({ name: 'raise-ends', ...ends }));
  inFlight.add(
    raiseApprovals(
      client,
      commits.flatMap((commit) => commit.waits.filter(({ kind }) => kind === 'approval')),
    ),
  );
}

// Sorted, so that two workers that store the same objects never wait for each other crosswise.
function distinctObjects(commits: RunCommit[]): { workspace: string; sha256: string; size: number }[] {
  const all = new Map(commits.flatMap((commit) => commit.objects()).map((object) => [`${object.workspace}/${object.sha256}`, object]));
  return [...all.keys()].sort().map((key) => all.get(key) as { workspace: string; sha256: string; size: number });
}
