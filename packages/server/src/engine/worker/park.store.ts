// Work that would be queued if it might: its run is paused or held back.
import { newId } from '../../base/ids.ts';
import type { NewJob, Runner } from './job-queue.ts';

export type ParkReason = 'paused' | 'held' | 'slot';

export interface ParkedRow {
  workspace_id: string;
  run_id: string;
  unit: string;
  attempt: number;
  tag: string;
  priority: number;
}

export async function park(runner: Runner, { jobs, why }: { jobs: NewJob[]; why: ParkReason }): Promise<void> {
  if (jobs.length === 0) return;
  await runner.query(
    `insert into parked_job (workspace_id, id, run_id, unit, attempt, tag, priority, why)
     select p.workspace, p.id, p.run, p.unit, p.attempt, p.tag, p.priority, $8
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::int[]) as p(workspace, id, run, unit, attempt, tag, priority)`,
    [
      jobs.map((job) => job.workspace),
      jobs.map(() => newId()),
      jobs.map((job) => job.run),
      jobs.map((job) => job.unit),
      jobs.map((job) => job.attempt),
      jobs.map((job) => job.tag),
      jobs.map((job) => job.priority),
      why,
    ],
  );
}

/** Takes back what was parked of these runs for this reason. @returns what is to be queued now */
export async function unpark(runner: Runner, { runs, why }: { runs: string[]; why: ParkReason }): Promise<NewJob[]> {
  const { rows } = await runner.query<ParkedRow>(
    'delete from parked_job where run_id = any($1) and why = $2 returning workspace_id, run_id, unit, attempt, tag, priority',
    [runs, why],
  );
  return rows.map(jobOf);
}

/** Of jobs that were just made without looking at their runs: those whose run is paused are parked. @returns the others */
export async function parkPaused(runner: Runner, jobs: NewJob[]): Promise<NewJob[]> {
  if (jobs.length === 0) return [];
  const { rows } = await runner.query<{ id: string }>('select id from run where id = any($1) and paused_at is not null', [jobs.map((job) => job.run)]);
  if (rows.length === 0) return jobs;
  const paused = new Set(rows.map((row) => row.id));
  await park(runner, { jobs: jobs.filter((job) => paused.has(job.run)), why: 'paused' });
  return jobs.filter((job) => !paused.has(job.run));
}

export function jobOf(row: ParkedRow): NewJob {
  return { workspace: row.workspace_id, run: row.run_id, unit: row.unit, attempt: row.attempt, tag: row.tag, priority: row.priority };
}
