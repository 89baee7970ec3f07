// Kills workers at random while runs go on, then counts what was lost or done twice.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EngineSite, openEngineSite } from './engine-site.ts';

export interface CampaignOptions {
  runs: number;
  kills: number;
  workers: number;
  seed: number;
  say(text: string): void;
}

export interface CampaignOutcome {
  seed: number;
  runs: number;
  kills: number;
  /** Of the kills, those that were a long stop and a waking afterwards: the zombie's results must be refused. */
  zombies: number;
  /** Runs that did not succeed, with what stopped them. */
  lost: number;
  /** Steps that began again after their result was recorded, or whose success was recorded twice. */
  repeated: number;
  /** The longest time from a kill to the next step that somebody else of the same run recorded, in ms. */
  resumeMs: number | null;
  findings: string[];
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

/** A step that writes down what it did. */
export const effectStep = (more: object, ms = 60) => ({
  use: 'test.effect',
  with: { ms, ...(more as { with?: object }).with },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'with')),
});

const shapes: Record<string, object>[] = [
  { a: effectStep({}), b: effectStep({ from: 'a' }), c: effectStep({ from: 'b' }), d: effectStep({ from: 'c' }), e: effectStep({ from: 'd' }) },
  {
    a: effectStep({}),
    left: effectStep({ from: 'a' }, 120),
    right: effectStep({ from: 'a' }),
    up: effectStep({ from: 'a' }, 200),
    join: effectStep({ from: 'left', after: ['right', 'up'] }),
    end: effectStep({ from: 'join' }),
  },
  {
    a: effectStep({ with: { failures: 2 }, retry: { attempts: 40, delay: '50ms', maxDelay: '200ms' } }),
    b: effectStep({ from: 'a' }),
    c: effectStep({ after: 'a' }),
    d: effectStep({ from: 'b', after: 'c' }),
  },
];

export async function runCrashCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const site = await openEngineSite();
  try {
    const effectsUrl = await makeEffects(site);
    const flows = await Promise.all(shapes.map((shape) => site.apply(shape as Record<string, object>)));
    const { zombies, resumeMs } = await disturb({ ...options, site, flows, effectsUrl });
    await settleDown(site, options);
    return { seed: options.seed, runs: options.runs, kills: options.kills, zombies, resumeMs, ...(await judge(site, effectsUrl)) };
  } finally {
    await site.close();
  }
}

/** A database for what steps did, beside the engine's. @returns its address */
export async function makeEffects({ address }: EngineSite): Promise<string> {
  const owner = new pg.Client({ connectionString: address.ownerUrl });
  await owner.connect();
  await owner.query('create database effects');
  await owner.end();
  const url = new URL(address.ownerUrl);
  url.pathname = '/effects';
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  await client.query('create table effect (run uuid not null, step text not null, attempt int not null, began timestamptz not null)');
  await client.end();
  return url.toString();
}

interface Disturbance extends CampaignOptions {
  site: EngineSite;
  flows: string[];
  effectsUrl: string;
}

async function disturb({ site, flows, effectsUrl, runs, kills, workers, seed, say }: Disturbance): Promise<{ zombies: number; resumeMs: number | null }> {
  const random = seeded(seed);
  const spawn = () => site.spawn({ effectsUrl, concurrency: 30 });
  const alive = await Promise.all(Array.from({ length: workers }, spawn));
  const zombies: Promise<void>[] = [];
  let started = 0;
  let resumeMs: number | null = null;
  const startSome = async (some: number) => {
    for (; some > 0 && started < runs; some--, started++)
      await site.engine.runs.startRun(site.actor, { slug: flows[started % flows.length] ?? '', parameters: {} });
  };
  for (let kill = 0; kill < kills; kill++) {
    await startSome(Math.ceil(runs / kills));
    await sleep(100 + random() * 500);
    const at = Math.floor(random() * alive.length);
    const victim = alive[at] as ChildProcess;
    if (kill % 10 === 9) zombies.push(beZombie(victim));
    else victim.kill('SIGKILL');
    alive[at] = await spawn();
    if (kill % 10 === 4) resumeMs = Math.max(resumeMs ?? 0, await resumeTime(site));
    if (kill % 10 === 0) say(`${kill + 1} of ${kills} kills`);
  }
  await startSome(runs);
  await Promise.all(zombies);
  return { zombies: zombies.length, resumeMs };
}

/** Stopped for longer than its lease lasts, then woken: it must find itself declared dead and drop what it holds. */
async function beZombie(victim: ChildProcess): Promise<void> {
  victim.kill('SIGSTOP');
  await sleep(7_000);
  victim.kill('SIGCONT');
  await sleep(1_500);
  victim.kill('SIGKILL');
}

/** How long until no lease of a dead or vanished worker is left. */
async function resumeTime({ databases }: EngineSite): Promise<number> {
  const began = Date.now();
  while (Date.now() - began < 15_000) {
    const { rows } = await databases.enginePool.query<{ orphans: number }>(
      `select count(*) as orphans from lease l join worker w on w.id = l.worker_id where w.beat_at < now() - interval '1 second' or w.dead_at is not null`,
    );
    if (rows[0]?.orphans === 0 && Date.now() - began > 1_200) break;
    await sleep(25);
  }
  return Date.now() - began;
}

export async function settleDown({ databases }: EngineSite, { say }: Pick<CampaignOptions, 'say'>): Promise<void> {
  say('no more kills; waiting for the runs');
  for (let waited = 0; waited < 120_000; waited += 100) {
    const { rows } = await databases.enginePool.query<{ open: number }>('select count(*) as open from run where finished_at is null');
    if (rows[0]?.open === 0) return;
    await sleep(100);
  }
}

export async function judge({ databases }: EngineSite, effectsUrl: string): Promise<Pick<CampaignOutcome, 'lost' | 'repeated' | 'findings'>> {
  const pool = databases.enginePool;
  const lost = await pool.query<{ id: string; state: string; why: string | null }>(
    `select id, state, error ->> 'message' as why from run where state <> 'succeeded'`,
  );
  const twice = await pool.query<{ run_id: string; step_id: string }>(
    `select run_id, step_id from run_event where type = 'step.succeeded' group by 1, 2 having count(*) > 1`,
  );
  const recorded = await pool.query<{ run_id: string; step_id: string; finished_at: Date }>(
    `select run_id, step_id, finished_at from step_run where state = 'succeeded'`,
  );
  const gaps = await pool.query<{ id: string }>(
    'select r.id from run r join run_event e on e.run_id = r.id group by r.id having count(*) <> r.event_seq or max(e.seq) <> r.event_seq',
  );
  const left = await pool.query<{ leases: number; jobs: number }>(
    `select (select count(*) from lease) as leases, (select count(*) from pgboss.job where state < 'completed') as jobs`,
  );
  const again = await beganAgain(effectsUrl, recorded.rows);
  return {
    lost: lost.rows.length,
    repeated: twice.rows.length + again.length,
    findings: [
      ...lost.rows.map((row) => `run ${row.id} is ${row.state}: ${row.why}`),
      ...twice.rows.map((row) => `${row.run_id} ${row.step_id} succeeded twice`),
      ...again,
      ...gaps.rows.map((row) => `run ${row.id} has a gap in its events`),
      ...left.rows.filter((row) => row.leases + row.jobs > 0).map((row) => `left behind: ${row.leases} leases, ${row.jobs} jobs`),
    ],
  };
}

async function beganAgain(effectsUrl: string, recorded: { run_id: string; step_id: string; finished_at: Date }[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: effectsUrl });
  await client.connect();
  const { rows } = await client.query<{ run: string; step: string; last: Date }>('select run, step, max(began) as last from effect group by 1, 2');
  await client.end();
  const finished = new Map(recorded.map((row) => [`${row.run_id} ${row.step_id}`, row.finished_at]));
  return rows
    .filter((row) => row.last > (finished.get(`${row.run} ${row.step}`) ?? row.last))
    .map((row) => `${row.run} ${row.step} began again after its result was recorded`);
}
