// Reads what a run said after a cursor.
import type { Attributes } from '@tidewheel/contract/ability';
import type { LogLine, RunEvent } from '@tidewheel/contract/run';
import { finalRunStates } from '@tidewheel/contract/run';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import type { LogReader } from '../../storage/logs/logs.store.ts';
import { firstPart, type LogSource } from '../../storage/logs/read-log.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';

export interface Cursor {
  /** The last event seen. */
  event: number;
  /** The last log line seen. */
  log: number;
}

export interface RunNews {
  /** What rules can say of the run, as it is now. */
  object: Attributes;
  events: RunEvent[];
  lines: LogLine[];
  /** There is more to read right away. */
  more: boolean;
  /** The run has ended and everything up to its end is in this news or was before the cursor. */
  ended: boolean;
}

const pageOfEvents = 500;
const pageOfLines = 500;

/** Undefined when there is no such run in the workspace. */
export async function readNews(
  { databases, objects }: { databases: Databases; objects: ObjectStore },
  { workspaceId, runId, after }: { workspaceId: string; runId: string; after: Cursor },
): Promise<RunNews | undefined> {
  const read: LogSource['read'] = (look) => inWorkspace(databases.app, workspaceId, look);
  const found = await read(async (trx) => {
    const run = await findRun(trx, runId);
    if (!run) return undefined;
    const events =
      run.event_seq > after.event
        ? await trx.selectFrom('run_event').selectAll().where('run_id', '=', runId).where('seq', '>', after.event).orderBy('seq').limit(pageOfEvents).execute()
        : [];
    return { run, events };
  });
  if (!found) return undefined;
  const { run, events } = found;
  const log = run.log_seq > after.log ? await firstPart({ workspaceId, objects, read }, { run: runId, after: after.log, limit: pageOfLines }) : null;
  const more = events.length === pageOfEvents || (log?.isCut ?? false);
  return {
    object: { flow: run.slug, folder: run.folder, kind: run.kind, startedBy: run.started_by },
    events: events.map((row) => ({ run: runId, seq: row.seq, at: row.at.toISOString(), type: row.type, step: row.step_id, data: row.data })),
    lines: log?.lines ?? [],
    more,
    ended: !more && finalRunStates.includes(run.state),
  };
}

function findRun(trx: LogReader, id: string) {
  return trx
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .select(['run.state', 'run.event_seq', 'run.log_seq', 'run.started_by', 'flow.slug', 'flow.folder', 'flow.kind'])
    .where('run.id', '=', id)
    .executeTakeFirst();
}

export async function findNewestRuns(databases: Databases, workspaceId: string, limit: number): Promise<string[]> {
  const rows = await inWorkspace(databases.app, workspaceId, (trx) => trx.selectFrom('run').select('id').orderBy('id', 'desc').limit(limit).execute());
  return rows.map((row) => row.id);
}
