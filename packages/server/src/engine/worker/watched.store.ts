// What a commit leaves for those who watch or read: the newest progress of running steps, and a note of each log that has become long.
import { storableJson } from '../../base/text.ts';
import type { Runner } from './job-queue.ts';
import type { RunCommit } from './run-commit.ts';

/** A log is noted for packing whenever it grows past a multiple of this. */
const notedEvery = 2_000;

export async function writeWatched(runner: Runner, commits: RunCommit[]): Promise<void> {
  await writeProgress(runner, commits);
  await noteLongLogs(
    runner,
    commits.filter(({ run, logs }) => Math.floor(run.log_seq / notedEvery) > Math.floor((run.log_seq - logs.length) / notedEvery)),
  );
}

async function writeProgress(runner: Runner, commits: RunCommit[]): Promise<void> {
  const newest = new Map<string, { run: string; step: string; data: Record<string, unknown> }>();
  for (const { run, items } of commits) {
    for (const item of items)
      if (item.kind === 'event' && item.type === 'step.progressed' && item.step !== null)
        newest.set(`${run.id}/${item.step}`, { run: run.id, step: item.step, data: item.data });
  }
  if (newest.size === 0) return;
  const rows = [...newest.values()];
  await runner.query({
    name: 'write-progress',
    text: `update step_run set progress = p.progress from unnest($1::uuid[], $2::text[], $3::jsonb[]) as p(run, step, progress)
      where run_id = p.run and step_id = p.step and state = 'running'`,
    values: [rows.map((row) => row.run), rows.map((row) => row.step), rows.map((row) => storableJson(row.data))],
  });
}

async function noteLongLogs(runner: Runner, commits: RunCommit[]): Promise<void> {
  if (commits.length === 0) return;
  await runner.query('insert into log_due (workspace_id, run_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing', [
    commits.map(({ run }) => run.workspace_id),
    commits.map(({ run }) => run.id),
  ]);
}
