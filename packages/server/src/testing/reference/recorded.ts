// Runs as the engine recorded them, with all below them.
import type { RunState, StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { childKey } from './outcome.ts';

export interface RecordedStep {
  step: string;
  state: StepState;
  value: unknown;
  attempt: number;
  /** The code of what it failed with. */
  error: string | null;
}
export interface RecordedEvent {
  seq: number;
  type: string;
  step: string | null;
}

export interface RecordedRun {
  id: string;
  path: string;
  state: RunState;
  forced: boolean;
  error: { code: string; message: string } | null;
  output: Record<string, unknown> | null;
  eventSeq: number;
  steps: Map<string, RecordedStep>;
  events: RecordedEvent[];
  below: Map<string, RecordedRun>;
  parent: { id: string; key: string } | null;
  /** The run that it repeats. */
  rerunOf: string | null;
  limit: RecordedLimit;
}

/** In ms since 1970, by the clock of the database. */
interface RecordedLimit {
  /** When its time is over. */
  at: number | null;
  /** When it was cancelled for that. */
  cancelledAt: number | null;
  /** When its end was committed; null where Postgres does not keep that. */
  endedAt: number | null;
}

/** Every run of the installation, those below others too. @returns by id */
export async function readRecorded(pool: pg.Pool): Promise<Map<string, RecordedRun>> {
  const { rows } = await pool.query<RunRow>(
    `select id, state, cancel_forced as forced, error, output, event_seq::int as "eventSeq", parent_id, parent_step, parent_attempt, item, rerun_of as "rerunOf",
       json_build_object('at', extract(epoch from deadline_at) * 1000,
         'cancelledAt', (select extract(epoch from e.at) * 1000 from run_event e where e.run_id = run.id and e.data ->> 'by' = 'time limit' order by e.seq limit 1),
         'endedAt', (select extract(epoch from case when current_setting('track_commit_timestamp') = 'on' then pg_xact_commit_timestamp(e.xmin) end) * 1000
            from run_event e where e.run_id = run.id and e.seq = run.event_seq and run.finished_at is not null)) as "limit"
     from run order by depth, id`,
  );
  const steps = await pool.query<RecordedStep & { run: string }>(
    `select run_id as run, step_id as step, state, output -> 'value' as value, attempt, error ->> 'code' as error from step_run`,
  );
  const events = await pool.query<RecordedEvent & { run: string }>('select run_id as run, seq::int, type, step_id as step from run_event order by run_id, seq');
  const stepsOf = Map.groupBy(steps.rows, ({ run }) => run);
  const eventsOf = Map.groupBy(events.rows, ({ run }) => run);
  const runs = new Map<string, RecordedRun>();
  for (const row of rows) {
    const { parent_id, parent_step, parent_attempt, item, ...rest } = row;
    const key = childKey(parent_step ?? '', parent_attempt ?? 0, item ?? 0);
    const above = parent_id === null ? undefined : runs.get(parent_id);
    const run: RecordedRun = {
      ...rest,
      path: above ? `${above.path}/${key}` : row.id,
      steps: new Map((stepsOf.get(row.id) ?? []).map((step) => [step.step, step])),
      events: eventsOf.get(row.id) ?? [],
      below: new Map(),
      parent: parent_id === null ? null : { id: parent_id, key },
    };
    above?.below.set(key, run);
    runs.set(row.id, run);
  }
  return runs;
}

interface RunRow extends Pick<RecordedRun, 'id' | 'state' | 'forced' | 'error' | 'output' | 'eventSeq' | 'rerunOf' | 'limit'> {
  parent_id: string | null;
  parent_step: string | null;
  parent_attempt: number | null;
  item: number | null;
}
