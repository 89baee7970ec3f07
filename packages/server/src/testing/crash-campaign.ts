// Runs of random flows while workers, the API, the scheduler and Postgres are killed, stopped and cut off; what they left is held against the reference.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import fc from 'fast-check';
import { type Judged, judgeCampaign } from './crash-judgement.ts';
import { pauseHalfWay } from './crash-operator.ts';
import { CrashRoles, type Place, workers } from './crash-roles.ts';
import { insertFlow } from './engine-bench.ts';
import { type EngineSite, openEngineSite } from './engine-site.ts';
import { answerAll, callBackTo } from './reference/answers.ts';
import type { Repeated } from './reference/compare-reruns.ts';
import { neverComes } from './reference/expressions.ts';
import { documentOf, recipes } from './reference/random-flow.ts';
import { type RunningReceiver, startReceiver } from './reference/receiver.ts';

export interface CampaignOptions {
  runs: number;
  kills: number;
  seed: number;
  /** Whether runs that are over are repeated now and then. */
  repeats?: boolean;
  /** How long the last of them may take after the last disturbance. */
  withinMs: number;
  say(text: string): void;
}

export interface CampaignOutcome {
  seed: number;
  runs: number;
  kills: number;
  /** How often each kind of disturbance was done. */
  disturbances: Record<string, number>;
  lost: number;
  repeated: number;
  diverged: number;
  findings: string[];
}

interface Campaign extends CampaignOptions {
  site: EngineSite;
  roles: CrashRoles;
  receiver: RunningReceiver;
  flows: Map<string, FlowDocument>;
  started: Map<string, string>;
  cancelled: Set<string>;
  /** Flows of starts that were refused, because one of theirs was not over. */
  skipped: string[];
  /** How runs were asked to be repeated. */
  reruns: Map<string, Repeated>;
  disturbances: Record<string, number>;
  random(): number;
}

/** A small generator with a printed seed (mulberry32), so that a campaign can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function runCrashCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  // Tells when a result was really recorded, whatever the clock of its worker said.
  const site = await openEngineSite({ supervise: false, parameters: { track_commit_timestamp: 'on' } });
  const receiver = await startReceiver(site.databases.enginePool);
  const roles = new CrashRoles({ site, receiverUrl: receiver.url });
  try {
    const flows = await makeFlows(site, options);
    await roles.startAll();
    const campaign: Campaign = {
      ...options,
      site,
      roles,
      receiver,
      flows,
      started: new Map(),
      cancelled: new Set(),
      skipped: [],
      reruns: new Map(),
      disturbances: {},
      random: seeded(options.seed),
    };
    const calmSince = await disturb(campaign);
    return outcomeOf(campaign, await judgeCampaign({ ...campaign, cuts: roles.cuts, calmSince, pool: site.databases.enginePool }));
  } finally {
    await roles.close();
    await receiver.close();
    await site.close();
  }
}

/** Each may run some of those before it that end by themselves, whatever time they take. */
async function makeFlows(site: EngineSite, { seed, runs }: CampaignOptions): Promise<Map<string, FlowDocument>> {
  const flows = new Map<string, FlowDocument>();
  for (const [at, some] of fc.sample(recipes, { seed, numRuns: Math.ceil(runs / 2) }).entries()) {
    const ending = [...flows.values()].filter(({ timeout }) => timeout === undefined).map(({ flow }) => flow);
    const document = documentOf(some, { flow: `flow-${at}`, flows: at % 3 === 0 ? [] : ending.slice(-3), tags: ['default', 'blue'] });
    flows.set(document.flow, document);
    await insertFlow(site.databases, { workspaceId: site.actor.workspaceId as string, document });
  }
  return flows;
}

/** @returns since when nothing is disturbed any more, in ms since 1970 */
async function disturb(campaign: Campaign): Promise<number> {
  const { kills, runs, random, roles, say } = campaign;
  const over = new AbortController();
  const answering = answerUntil(campaign, over.signal);
  const asked: Promise<void>[] = [];
  for (let kill = 0; kill < kills; kill++) {
    for (let some = Math.ceil(runs / kills); some > 0 && asked.length < runs; some--) asked.push(startOne(campaign, asked.length));
    await sleep(80 + random() * 500);
    await disturbOnce(campaign, kill);
    if (kill % 10 === 0) say(`${kill + 1} of ${kills} disturbances`);
  }
  while (asked.length < runs) asked.push(startOne(campaign, asked.length));
  await Promise.all(asked);
  await roles.zombiesGone();
  const calmSince = Date.now();
  say('no more disturbances; waiting for the runs');
  await untilAllEnded(campaign);
  over.abort();
  await answering;
  return calmSince;
}

async function startOne(campaign: Campaign, number: number): Promise<void> {
  const { flows, roles, started, skipped, random } = campaign;
  const slug = nextFlow(flows, number);
  const cancelAfter = random() < 0.1 ? random() * 1_500 : null;
  const pauseAfter = random() < 0.1 ? random() * 800 : null;
  const callsEarly = random() < 0.3;
  const deadline = random() < 0.08 ? { deadline: `${100 + Math.floor(random() * 2_000)}ms` } : {};
  const rerun = campaign.repeats && random() < 0.2 ? { kind: Math.floor(random() * 4), pick: random() } : null;
  const { run, error } = await roles.ask({ start: { slug, idempotencyKey: `run ${number}`, ...deadline } });
  if (error?.code === 'run.overlap' && flows.get(slug)?.overlap?.policy === 'skip') return void skipped.push(slug);
  if (run === undefined) throw new Error(`${slug} could not be started: ${error?.message}`);
  started.set(run, slug);
  if (callsEarly) await callEarly(campaign, { run, document: flows.get(slug) as FlowDocument });
  await Promise.all([cancelLater(campaign, { run, after: cancelAfter }), pauseLater(campaign, { run, after: pauseAfter })]);
  if (rerun) await repeat(campaign, { run, document: flows.get(slug) as FlowDocument, ...rerun });
}

/** Once it is over: from what failed, from a step, with another parameter, or all of it. Who gets no answer asks again, and may have two then. */
async function repeat(
  { site, roles, reruns, withinMs }: Campaign,
  { run, document, kind, pick }: { run: string; document: FlowDocument; kind: number; pick: number },
): Promise<void> {
  const isOver = async () => (await site.databases.enginePool.query('select 1 from run where id = $1 and finished_at is not null', [run])).rowCount === 1;
  for (const began = performance.now(); performance.now() - began < withinMs && !(await isOver().catch(() => false)); ) await sleep(200);
  const steps = Object.keys(document.steps);
  const from = kind === 3 ? undefined : kind === 2 ? steps[Math.floor(pick * steps.length)] : 'failed';
  const parameters: Record<string, number> = pick < 0.3 ? { p: Math.floor(pick * 20) } : {};
  const again = { ...(from === undefined ? {} : { from }), parameters };
  reruns.set(run, again);
  const { error } = await roles.ask({ rerun: { id: run, ...again } });
  if (error && !['rerun.nothing_failed', 'run.overlap', 'run.going'].includes(error.code)) throw new Error(`${run} could not be run again: ${error.message}`);
}

/** Before the step that waits for it begins, perhaps: then it is kept. Whether it was heard or not, it is called again when it waits. */
async function callEarly({ site }: Campaign, { run, document }: { run: string; document: FlowDocument }): Promise<void> {
  const names = Object.values(document.steps).flatMap(({ use, with: config }) => (use === 'flow.callback' ? [String(config['name'])] : []));
  for (const name of names.filter((one) => !neverComes(one)))
    await callBackTo({ databases: site.databases, queue: site.engine.queue }, { run, name }).catch(() => {});
}

/** Each in its turn; of ten three are of a flow that minds others of its own, the same one many times in a row. */
function nextFlow(flows: Campaign['flows'], number: number): string {
  const minding = [...flows.values()].filter(({ overlap }) => overlap).map(({ flow }) => flow);
  if (number % 10 < 3 && minding.length > 0) return minding[Math.floor(number / 40) % minding.length] as string;
  return [...flows.keys()][number % flows.size] as string;
}

async function cancelLater({ roles, cancelled }: Campaign, { run, after }: { run: string; after: number | null }): Promise<void> {
  if (after === null) return;
  await sleep(after);
  cancelled.add(run);
  await roles.ask({ cancel: run });
}

async function pauseLater({ roles, random }: Campaign, { run, after }: { run: string; after: number | null }): Promise<void> {
  if (after === null) return;
  await sleep(after);
  const { error } = await roles.ask({ pause: run });
  if (error) return;
  await sleep(random() * 1_500);
  await roles.ask({ resume: run });
}

type Disturbance = 'worker' | 'zombie' | 'api' | 'scheduler' | 'connections' | 'clock' | 'pause' | 'postgres';
const likely: Disturbance[] = [
  'pause',
  'worker',
  'worker',
  'worker',
  'worker',
  'worker',
  'worker',
  'zombie',
  'api',
  'scheduler',
  'connections',
  'clock',
  'worker',
];

/** Of twenty in a row one takes Postgres down. */
async function disturbOnce({ site, roles, random, disturbances }: Campaign, number: number): Promise<void> {
  const what = number % 20 === 12 ? 'postgres' : (likely[Math.floor(random() * likely.length)] as Disturbance);
  const worker = workers[Math.floor(random() * workers.length)] as Place;
  disturbances[what] = (disturbances[what] ?? 0) + 1;
  if (what === 'worker') return roles.kill(worker);
  if (what === 'zombie') return roles.stop(worker);
  if (what === 'clock') return roles.kill(worker, { shiftMs: Math.round((random() - 0.5) * 2 * shiftMostMs) });
  if (what === 'pause') return pauseHalfWay({ site, roles, random });
  if (what === 'api' || what === 'scheduler') return roles.kill(what);
  if (what === 'postgres') return void process.kill(await site.postgres.pid(), 'SIGQUIT');
  await site.databases.enginePool
    .query(`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and random() < 0.5`)
    .catch(() => {});
}

const shiftMostMs = 60_000;

async function untilAllEnded({ site, withinMs }: Campaign): Promise<void> {
  for (const began = performance.now(); performance.now() - began < withinMs; await sleep(100)) {
    const { rows } = await site.databases.enginePool.query('select 1 from run where finished_at is null limit 1').catch(() => ({ rows: [1] }));
    if (rows.length === 0) break;
  }
  // What ends the last run may still free a slot or look for who waits.
  await sleep(500);
}

async function answerUntil({ site }: Campaign, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await answerAll({ databases: site.databases, queue: site.engine.queue }).catch(() => {});
    await sleep(100);
  }
}

function outcomeOf({ seed, disturbances, flows, started }: Campaign, { lost, repeated, diverged, left }: Judged): CampaignOutcome {
  const told = diverged.flatMap(({ run, flow, found }) => [`${run} of ${flow}: ${found.join('\n    ')}`, JSON.stringify(flows.get(flow))]);
  return {
    seed,
    runs: started.size,
    kills: Object.values(disturbances).reduce((sum, one) => sum + one, 0),
    disturbances,
    lost: lost.length,
    repeated: repeated.length,
    diverged: diverged.length + (left.length > 0 ? 1 : 0),
    findings: [...lost, ...repeated, ...told, ...left],
  };
}
