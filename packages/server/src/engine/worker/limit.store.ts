// Slots and rates that steps share. Who counts the holders of a key locks the key's row first; the count itself is the rows of live leases.
import { newId } from '../../base/ids.ts';
import type { ClaimedJob, JobQueue, NewJob, Runner } from './job-queue.ts';
import { jobOf, type ParkedRow, parkPaused } from './park.store.ts';

/** A limit as a unit meets it. */
export interface Reached {
  key: string;
  slots: number | null;
  /** Milliseconds between two at an even rate, and how many may begin at once after a pause. */
  rate: { everyMs: number; burst: number } | null;
}

export interface Asking {
  worker: string;
  job: ClaimedJob;
  unit: string;
  limits: Reached[];
}

export type Granted = { verdict: 'go' } | { verdict: 'full'; keys: string[] } | { verdict: 'late'; key: string; at: Date };

export async function lockKeys(runner: Runner, { workspace, keys }: { workspace: string; keys: string[] }): Promise<Map<string, Date | null>> {
  const sorted = [...new Set(keys)].sort();
  await runner.query('insert into limit_key (workspace_id, key) select $1, key from unnest($2::text[]) as k(key) on conflict do nothing', [workspace, sorted]);
  const { rows } = await runner.query<{ key: string; next_at: Date | null }>(
    'select key, next_at from limit_key where workspace_id = $1 and key = any($2) order by key for update',
    [workspace, sorted],
  );
  return new Map(rows.map((row) => [row.key, row.next_at]));
}

/** Takes the slots of a unit, all or none of them, and its place in the rates. Call within a transaction. */
export async function takeSlots(runner: Runner, { job, unit, limits }: Asking): Promise<Granted> {
  const { workspace } = job;
  const due = await lockKeys(runner, { workspace, keys: limits.map(({ key }) => key) });
  const held = await countSlots(runner, { workspace, keys: [...due.keys()], besides: job.id });
  const full = limits.filter(({ key, slots }) => slots !== null && (held.get(key) ?? 0) >= slots).map(({ key }) => key);
  if (full.length > 0) return { verdict: 'full', keys: full };
  // The clocks of workers differ; that of the database is the same for all.
  const { rows } = await runner.query<{ now: Date }>('select clock_timestamp() as now');
  const now = rows[0]?.now.getTime() ?? Date.now();
  const late = limits.map((limit) => lateness({ limit, next: due.get(limit.key) ?? null, now })).find((one) => one !== null);
  if (late) return { verdict: 'late', key: late.key, at: new Date(Date.now() + late.ms) };
  const rated = limits.filter(({ rate }) => rate !== null);
  for (const { key, rate } of rated) {
    const next = new Date(Math.max(now, due.get(key)?.getTime() ?? 0) + (rate?.everyMs ?? 0));
    await runner.query('update limit_key set next_at = $3 where workspace_id = $1 and key = $2', [workspace, key, next]);
  }
  const slotted = limits.filter(({ slots }) => slots !== null).map(({ key }) => key);
  if (slotted.length > 0)
    await runner.query(
      'insert into slot (workspace_id, key, job_id, run_id, unit) select $1, key, $3, $4, $5 from unnest($2::text[]) as k(key) on conflict do nothing',
      [workspace, slotted, job.id, job.run, unit],
    );
  return { verdict: 'go' };
}

/** GCRA: `next` is when the next one were due at an even rate; it may come so much earlier as the burst allows. */
function lateness({ limit: { key, rate }, next, now }: { limit: Reached; next: Date | null; now: number }): { key: string; ms: number } | null {
  if (rate === null || next === null) return null;
  const earliest = next.getTime() - rate.everyMs * (rate.burst - 1);
  return earliest > now ? { key, ms: earliest - now } : null;
}

/** `besides`: a job whose own slots do not count; it may have taken them already when the answer was lost. */
async function countSlots(
  runner: Runner,
  { workspace, keys, besides = null }: { workspace: string; keys: string[]; besides?: string | null },
): Promise<Map<string, number>> {
  const { rows } = await runner.query<{ key: string; count: number }>(
    'select key, count(*)::int as count from slot where workspace_id = $1 and key = any($2) and job_id is distinct from $3::uuid group by key',
    [workspace, keys, besides],
  );
  return new Map(rows.map((row) => [row.key, row.count]));
}

/** Ends the lease of a unit that may not begin yet: parked until a slot is free, or queued for later. */
export async function putOff(
  runner: Runner,
  { asking, granted, queue, job }: { asking: Asking; granted: Granted; queue: JobQueue; job: NewJob },
): Promise<boolean> {
  const gone = await runner.query('delete from lease where job_id = $1 and worker_id = $2', [asking.job.id, asking.worker]);
  if (gone.rowCount !== 1) return false;
  if (granted.verdict === 'late') await queue.enqueue(runner, [{ ...job, at: granted.at }]);
  if (granted.verdict !== 'full') return true;
  const slots = granted.keys.map((key) => asking.limits.find((limit) => limit.key === key)?.slots ?? 1);
  await runner.query(
    `insert into parked_job (workspace_id, id, run_id, unit, attempt, tag, priority, why, keys, slots) values ($1, $2, $3, $4, $5, $6, $7, 'slot', $8, $9)`,
    [job.workspace, newId(), job.run, job.unit, job.attempt, job.tag, job.priority, granted.keys, slots],
  );
  return true;
}

/** Gives back the slots of units that ended. @returns their keys */
export async function dropSlots(runner: Runner, jobs: string[]): Promise<{ workspace: string; key: string }[]> {
  if (jobs.length === 0) return [];
  const { rows } = await runner.query<{ workspace: string; key: string }>('delete from slot where job_id = any($1) returning workspace_id as workspace, key', [
    jobs,
  ]);
  return rows;
}

/** Lets go on what waits for these keys, as far as there are free slots: older runs first. Call within a transaction. @returns what is to be queued */
export async function releaseParked(runner: Runner, { workspace, keys }: { workspace: string; keys: string[] }): Promise<NewJob[]> {
  await lockKeys(runner, { workspace, keys });
  const full = new Set<string>();
  for (;;) {
    const rows = await waitingFor(runner, { workspace, keys, full });
    if (rows.length === 0) return [];
    const free = await freeOf(runner, { workspace, rows, full });
    // A whole page that waits for another key as well must not keep those behind it from theirs.
    if (free.length === 0 && rows.length === mostReleased) continue;
    await runner.query('delete from parked_job where id = any($1)', [free.map((row) => row.id)]);
    return parkPaused(runner, free.map(jobOf));
  }
}

const mostReleased = 200;
type WaitingRow = ParkedRow & { id: string; keys: string[]; slots: number[] };

async function waitingFor(runner: Runner, { workspace, keys, full }: { workspace: string; keys: string[]; full: ReadonlySet<string> }): Promise<WaitingRow[]> {
  const { rows } = await runner.query<WaitingRow>(
    `select id, workspace_id, run_id, unit, attempt, tag, priority, keys, slots from parked_job
     where workspace_id = $1 and why = 'slot' and keys && $2::text[] and not keys && $3::text[] order by priority desc, run_id, unit limit $4 for update skip locked`,
    [workspace, keys, [...full], mostReleased],
  );
  return rows;
}

/** Those that find all their slots free, one after the other. Which keys are in the way of the others goes into `full`. */
async function freeOf(runner: Runner, { workspace, rows, full }: { workspace: string; rows: readonly WaitingRow[]; full: Set<string> }): Promise<WaitingRow[]> {
  const held = await countSlots(runner, { workspace, keys: [...new Set(rows.flatMap((row) => row.keys))] });
  return rows.filter((row) => {
    const missing = row.keys.filter((key, at) => (held.get(key) ?? 0) >= (row.slots[at] ?? 1));
    for (const key of missing) full.add(key);
    if (missing.length > 0) return false;
    for (const key of row.keys) held.set(key, (held.get(key) ?? 0) + 1);
    return true;
  });
}

/** Keys that something waits for though a slot is free: whoever held it died, or ended before it could tell. */
export async function forgottenKeys(runner: Pick<Runner, 'query'>): Promise<{ workspace: string; key: string }[]> {
  const { rows } = await runner.query<{ workspace: string; key: string }>(
    `select distinct p.workspace_id as workspace, k.key from parked_job p cross join lateral unnest(p.keys, p.slots) as k(key, slots)
     where p.why = 'slot' and k.slots > (select count(*) from slot s where s.workspace_id = p.workspace_id and s.key = k.key) limit 200`,
  );
  return rows;
}
