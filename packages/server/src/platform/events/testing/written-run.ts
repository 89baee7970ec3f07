// Writes runs, events and log lines as the engine does: numbered under the run's row lock, told in the same transaction.
import { randomUUID } from 'node:crypto';
import type { RunSummary } from '@tidewheel/contract/run';
import { newId } from '../../../base/ids.ts';
import type { RunWithObject } from '../../../base/masked-run.ts';
import type { Databases } from '../../../storage/database.ts';

export interface WrittenRun {
  workspaceId: string;
  id: string;
  /** Appends events and lines in one transaction. */
  say(what: { events?: string[]; lines?: string[]; end?: boolean; quietly?: boolean }): Promise<void>;
}

export async function otherWorkspace({ engine }: Databases): Promise<string> {
  const id = newId();
  await engine
    .insertInto('workspace')
    .values({ id, slug: `other-${id}`, title: 'Other' })
    .execute();
  return id;
}

export async function writeRun(databases: Databases, workspaceId: string): Promise<WrittenRun> {
  const pool = databases.enginePool;
  const [flow, version, id] = [newId(), newId(), newId()];
  const slug = `flow-${randomUUID().slice(0, 8)}`;
  await pool.query(`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values ($1, $2, $3, 'A flow', 'pipeline', 1, 1)`, [
    workspaceId,
    flow,
    slug,
  ]);
  await pool.query(
    `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', '{}', '', 'test')`,
    [workspaceId, version, flow],
  );
  await pool.query(
    `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'running', '{}', 'test', now(), current_date)`,
    [workspaceId, id, flow, version],
  );
  return { workspaceId, id, say: (what) => say(databases, { workspaceId, id }, what) };
}

async function say(
  { enginePool }: Databases,
  { workspaceId, id }: { workspaceId: string; id: string },
  { events = [], lines = [], end = false, quietly = false }: Parameters<WrittenRun['say']>[0],
): Promise<void> {
  const client = await enginePool.connect();
  try {
    await client.query('begin');
    const all = end ? [...events, 'run.succeeded'] : events;
    const { rows } = await client.query<{ e: number; l: number }>(
      `update run set event_seq = event_seq + $2, log_seq = log_seq + $3, state = case when $4 then 'succeeded' else state end, finished_at = case when $4 then now() end
       where id = $1 returning event_seq - $2 as e, log_seq - $3 as l`,
      [id, all.length, lines.length, end],
    );
    const { e, l } = rows[0] ?? { e: 0, l: 0 };
    await client.query(
      `insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) select $1, $2, $3 + n, clock_timestamp(), type, 'a', '{}' from unnest($4::text[]) with ordinality as t(type, n)`,
      [workspaceId, id, e, all],
    );
    await client.query(
      `insert into step_log (workspace_id, run_id, seq, step_id, attempt, at, level, text) select $1, $2, $3 + n, 'a', 1, clock_timestamp(), 'info', line from unnest($4::text[]) with ordinality as t(line, n)`,
      [workspaceId, id, l, lines],
    );
    if (!quietly) await client.query(`select pg_notify('tidewheel_run', $1)`, [JSON.stringify({ w: workspaceId, r: [id] })]);
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** Enough of the engine's reader for tests of the feed. */
export function summariesFrom({ enginePool }: Databases) {
  return async (workspaceId: string, ids: string[]): Promise<RunWithObject[]> => {
    const { rows } = await enginePool.query<{ id: string; number: number; state: RunSummary['state']; created_at: Date; slug: string; folder: string | null }>(
      'select r.id, r.number, r.state, r.created_at, f.slug, f.folder from run r join flow f on f.id = r.flow_id where r.workspace_id = $1 and r.id = any($2::uuid[]) order by r.id',
      [workspaceId, ids],
    );
    return rows.map((row) => ({
      object: { flow: row.slug, folder: row.folder, kind: 'pipeline', startedBy: 'test' },
      run: {
        id: row.id,
        number: row.number,
        flow: row.slug,
        flowTitle: 'A flow',
        kind: 'pipeline',
        version: 1,
        draft: false,
        state: row.state,
        parameters: {},
        startedBy: 'test',
        origin: null,
        createdAt: row.created_at.toISOString(),
        startedAt: null,
        finishedAt: null,
        rowsIn: null,
        rowsOut: null,
        rejected: 0,
        error: null,
        rerunOf: null,
        parent: null,
        mode: 'normal' as const,
        pausedAt: null,
        held: false,
        output: null,
      },
    }));
  };
}
