import type { StoredError } from '@tidewheel/contract/errors';
import type { RunState } from '@tidewheel/contract/run';
import type pg from 'pg';
import type { Runner } from '../worker/job-queue.ts';

/** What an event says of a run that ended. */
export interface RunFacts {
  run_id: string;
  number: number;
  flow: string;
  state: RunState;
  parameters: Record<string, unknown>;
  output: Record<string, unknown> | null;
  error: StoredError | null;
  started_by: string;
  finished_at: Date;
}
export interface EndedRun extends RunFacts {
  trigger_id: string;
}

const facts = `r.id as run_id, r.number, f.slug as flow, r.state, r.parameters, r.output, r.error, r.started_by, coalesce(r.finished_at, now()) as finished_at`;

export async function findEnded(pool: pg.Pool, most: number): Promise<EndedRun[]> {
  const { rows } = await pool.query<EndedRun>(
    `select e.trigger_id, ${facts} from (select * from trigger_ended order by at limit $1) e
       join run r on r.id = e.run_id join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id`,
    [most],
  );
  return rows;
}

/** @returns false when somebody else took it */
export async function takeEnded(runner: Runner, { trigger_id, run_id }: Pick<EndedRun, 'trigger_id' | 'run_id'>): Promise<boolean> {
  const { rows } = await runner.query('delete from trigger_ended where trigger_id = $1 and run_id = $2 returning 1', [trigger_id, run_id]);
  return rows.length === 1;
}

/** The newest runs that ended so, for trying a trigger out. */
export async function newestEnded(pool: pg.Pool, asked: { workspaceId: string; flows: string[]; states: string[]; most: number }): Promise<RunFacts[]> {
  const { rows } = await pool.query<RunFacts>(
    `select ${facts} from run r join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id
       join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id and v.version > 0
     where r.workspace_id = $1 and f.slug = any($2) and r.state = any($3) and r.parent_id is null and r.mode = 'normal' order by r.id desc limit $4`,
    [asked.workspaceId, asked.flows, asked.states, asked.most],
  );
  return rows;
}
