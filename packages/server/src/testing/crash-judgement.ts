// What a campaign left, held against the reference: what was lost, done again, or came out otherwise.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { finalRunStates } from '@tidewheel/contract/run';
import type pg from 'pg';
import { differences, eventFaults, isTakenOver } from './reference/compare.ts';
import { limitDifferences } from './reference/compare-limits.ts';
import { type Repeated, rerunDifferences } from './reference/compare-reruns.ts';
import { interpret } from './reference/interpret.ts';
import type { ExpectedRun } from './reference/outcome.ts';
import { slots } from './reference/random-flow.ts';
import { clocksApartMs, type RunningReceiver } from './reference/receiver.ts';
import { type RecordedRun, readRecorded } from './reference/recorded.ts';
import { type Cut, slotFaults } from './reference/slots.ts';

export interface Judged {
  /** Runs that are missing, or have no end. */
  lost: string[];
  /** Steps that began though they had a result, and effects outside that happened twice or too much. */
  repeated: string[];
  /** Runs that came out otherwise than the reference says, with all that differs. */
  diverged: { run: string; flow: string; found: string[] }[];
  /** What is left in the database of runs that are over. */
  left: string[];
}

export interface Evidence {
  pool: pg.Pool;
  flows: ReadonlyMap<string, FlowDocument>;
  /** Runs that were started: id to flow. */
  started: ReadonlyMap<string, string>;
  /** Those that somebody cancelled. */
  cancelled: ReadonlySet<string>;
  /** Flows of starts that were refused, because one of theirs was not over. */
  skipped: readonly string[];
  /** How runs were asked to be repeated: an answer may have been lost, so there may be two of them. */
  reruns: ReadonlyMap<string, Repeated>;
  receiver: RunningReceiver;
  /** Processes that were stopped or killed. */
  cuts: readonly Cut[];
  /** Since when nothing was any more, in ms since 1970. */
  calmSince: number;
}

/** Who is stopped holds up others for seconds, and what cleans up after a run takes its time, on a busy machine more of it. */
const mostPastLimitMs = 30_000;

export async function judgeCampaign(evidence: Evidence): Promise<Judged> {
  const recorded = await readRecorded(evidence.pool);
  const judged: Judged = { lost: [], repeated: [...evidence.receiver.beganAgain], diverged: [], left: await leftovers(evidence.pool) };
  for (const run of recorded.values()) if (!finalRunStates.includes(run.state)) judged.lost.push(`${run.path} is ${run.state} and has no end`);
  const mayDeliver = new Set<string>();
  for (const [id, flow] of evidence.started) {
    const run = recorded.get(id);
    if (!run) judged.lost.push(`${id} of ${flow} is gone`);
    else judgeRun({ run, flow, evidence, judged, mayDeliver });
  }
  for (const run of recorded.values()) {
    const earlier = recorded.get(run.parent === null ? (run.rerunOf ?? '') : '');
    const flow = earlier && evidence.started.get(earlier.id);
    if (earlier && flow)
      judgeRun({ run, flow, evidence, judged, mayDeliver, repeated: { earlier, ...(evidence.reruns.get(earlier.id) ?? { parameters: {} }) } });
  }
  for (const flow of evidence.skipped)
    if (![...evidence.started.values()].includes(flow)) judged.lost.push(`a start of ${flow} was refused, though there was no other one`);
  for (const run of recorded.values())
    if (run.parent === null && !evidence.started.has(run.id) && !evidence.reruns.has(run.rerunOf ?? ''))
      judged.repeated.push(`${run.id} was started, though nobody was told so`);
  for (const key of evidence.receiver.delivered.keys()) if (!mayDeliver.has(key)) judged.repeated.push(mustNot({ key, recorded, evidence }));
  judged.repeated.push(...(await crowds(evidence)));
  for (const [key, tokens] of evidence.receiver.kept) if (tokens.size > 1) judged.repeated.push(`${key} kept ${tokens.size} different results`);
  return judged;
}

/** What runs at once though it shares fewer slots. Whoever was declared dead may still be at a step. */
async function crowds({ pool, receiver, cuts }: Evidence): Promise<string[]> {
  const dead = await pool.query<Cut>('select pid, (extract(epoch from dead_at) * 1000)::float8 as at from worker where dead_at is not null');
  return slotFaults({ spans: receiver.held.values(), cuts: [...cuts, ...dead.rows], most: slots, apartMs: clocksApartMs });
}

function judgeRun({
  run,
  flow,
  evidence,
  judged,
  mayDeliver,
  repeated,
}: {
  run: RecordedRun;
  flow: string;
  evidence: Evidence;
  judged: Judged;
  mayDeliver: Set<string>;
  repeated?: Repeated & { earlier: RecordedRun };
}): void {
  const document = evidence.flows.get(flow) as FlowDocument;
  const expected = interpret(document, { parameters: repeated?.parameters ?? {}, flows: evidence.flows, left: run });
  const found = differences({ ...expected, mayBeCancelled: mayBeCancelled({ run, document, evidence }) }, run);
  found.push(...limitDifferences(run, { calmSince: evidence.calmSince, mostPastMs: mostPastLimitMs }));
  if (repeated) found.push(...rerunDifferences({ document, flows: evidence.flows, run, ...repeated }));
  found.push(...withBelow(run).flatMap(eventFaults));
  found.push(...deliveries({ expected, run, delivered: evidence.receiver.delivered, mayDeliver }));
  if (found.length > 0) judged.diverged.push({ run: run.id, flow, found });
}

/** Somebody asked for it, its time was over, or one of the same flow was started after it that ends those before it. */
function mayBeCancelled({
  run,
  document,
  evidence: { cancelled, started, reruns },
}: {
  run: RecordedRun;
  document: FlowDocument;
  evidence: Evidence;
}): boolean {
  if (cancelled.has(run.id) || run.limit.cancelledAt !== null) return true;
  if (document.overlap?.policy !== 'cancelPrevious') return false;
  return [...started].some(([id, flow]) => flow === document.flow && id > run.id) || [...reruns.keys()].some((id) => started.get(id) === document.flow);
}

/** With all that says why it must not: whose step it is, how that came out, and the flow that it stands in. */
function mustNot({ key, recorded, evidence }: { key: string; recorded: Map<string, RecordedRun>; evidence: Evidence }): string {
  const [id = '', step = ''] = key.split(':');
  const run = [...recorded.values()].flatMap(withBelow).find((one) => one.id === id);
  const root = [...recorded.values()].find((one) => withBelow(one).some((below) => below.id === id));
  const flow = evidence.flows.get(evidence.started.get(root?.id ?? '') ?? '');
  return `${key} (${run?.path}, ${run?.state}; the step ${run?.steps.get(step)?.state}) did something outside that must not happen: ${JSON.stringify(flow)}`;
}

function withBelow(run: RecordedRun): RecordedRun[] {
  return [run, ...[...run.below.values()].flatMap(withBelow)];
}

/** Whatever a step that succeeded was to do outside is done, under its key. */
function deliveries({
  expected,
  run,
  delivered,
  mayDeliver,
}: {
  expected: ExpectedRun;
  run: RecordedRun;
  delivered: RunningReceiver['delivered'];
  mayDeliver: Set<string>;
}): string[] {
  const found: string[] = [];
  for (const [id, step] of expected.steps) {
    // What would undo it may be asked for by a cancellation.
    if (step.hasUndo) mayDeliver.add(`${run.id}:${id}.undo`);
    if (!step.delivers || isTakenOver(run, id)) continue;
    const key = `${run.id}:${id}`;
    mayDeliver.add(key);
    const state = run.steps.get(id)?.state;
    if ((state === 'succeeded' || state === 'compensated') && !delivered.has(key)) found.push(`${run.path} ${id} ${state}, but did nothing outside`);
  }
  for (const [key, child] of run.below) {
    const below = expected.below.get(key);
    if (below) found.push(...deliveries({ expected: below, run: child, delivered, mayDeliver }));
  }
  return found;
}

async function leftovers(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ what: string; count: number }>(
    `select what, count::int from (values
       ('leases', (select count(*) from lease)),
       ('slots', (select count(*) from slot)),
       ('parked jobs', (select count(*) from parked_job)),
       ('queued jobs', (select count(*) from pgboss.job where state < 'completed')),
       ('open waits', (select count(*) from step_wait w join run r on r.id = w.run_id where r.finished_at is not null and w.ended_at is null)),
       ('held runs', (select count(*) from run where held_at is not null))) as left_over(what, count) where count > 0`,
  );
  const waits = await pool.query<{ told: string }>(
    `select concat_ws(' ', r.id, r.state, 'below', r.parent_id, w.step_id, w.kind, 'attempt', w.attempt, 'of', s.attempt, s.state, 'tick', w.tick_at) as told
     from step_wait w join run r on r.id = w.run_id left join step_run s on s.run_id = w.run_id and s.step_id = w.step_id
     where r.finished_at is not null and w.ended_at is null limit 10`,
  );
  return [...rows.map(({ what, count }) => `${count} ${what} are left`), ...waits.rows.map(({ told }) => `open: ${told}`)];
}
