// The verbs of logs. The permission check is each function's first line.
import { Readable } from 'node:stream';
import { NotFound } from '@tidewheel/contract/errors';
import type { LogMatches } from '@tidewheel/contract/routes/run-logs';
import type { LogLine } from '@tidewheel/contract/run';
import { unstyledText } from '@tidewheel/contract/terminal-text';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Download } from '../../base/endpoint.ts';
import { requireRead } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { LogFilter } from '../../storage/logs/logs.store.ts';
import { type LogSource, logParts, readLog } from '../../storage/logs/read-log.ts';
import { searchLog } from '../../storage/logs/search-log.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { runObject } from './run-object.ts';
import { findRun } from './runs.store.ts';

export interface LogsDependencies {
  databases: Databases;
  objects: ObjectStore;
}

/** A page of lines. */
export async function listLogs(deps: LogsDependencies, actor: Actor, query: LogFilter & { after: number; limit: number }): Promise<LogLine[]> {
  requirePermission(actor, 'run.read');
  return readLog(sourceOf(deps, actor, query.run), query);
}

export async function searchLogs(
  deps: LogsDependencies,
  actor: Actor,
  { found, ...query }: LogFilter & { text: string; after: number; limit: number; found: number },
): Promise<LogMatches> {
  requirePermission(actor, 'run.read');
  const matches = await searchLog(sourceOf(deps, actor, query.run), query);
  return { ...matches, found: found + matches.lines.length };
}

/** The whole log as it is now, as text. */
export async function downloadLog(deps: LogsDependencies, actor: Actor, id: string): Promise<Download> {
  requirePermission(actor, 'run.read');
  const run = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await readable(trx, { actor, id });
    const object = { type: 'run', id, title: `Run ${found.number}` };
    await recordAudit(trx, actor, { action: 'log.downloaded', object, after: { lines: found.log_seq } });
    return found;
  });
  const text = textOf(sourceOf(deps, actor, id), { run: id, last: run.log_seq });
  return { stream: Readable.from(text, { objectMode: false }), mediaType: 'text/plain; charset=utf-8', fileName: `${run.flow}-${run.number}.log` };
}

function sourceOf({ databases, objects }: LogsDependencies, actor: Actor, id: string): LogSource {
  return {
    workspaceId: actor.workspaceId,
    objects,
    read: (look) =>
      inWorkspace(databases.app, actor.workspaceId, async (trx) => {
        await readable(trx, { actor, id });
        return look(trx);
      }),
  };
}

/** @throws NotFound when there is no such run that he may read */
async function readable(trx: WorkspaceTransaction, { actor, id }: { actor: Actor; id: string }) {
  const unknown = () => new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'See the list of runs.' });
  const found = await findRun(trx, id);
  if (!found) throw unknown();
  requireRead(actor, { read: 'run.read', object: runObject(found), unknown });
  return found;
}

/** Ends with the last line that was there at the beginning: a run that goes on must not hold the download open. */
async function* textOf(source: LogSource, { run, last }: { run: string; last: number }): AsyncGenerator<string> {
  for await (const { lines, upTo } of logParts(source, { run, after: 0 })) {
    const text = lines.filter(({ seq }) => seq <= last).map(textLine);
    if (text.length > 0) yield text.join('');
    if (upTo >= last) return;
  }
}

function textLine({ at, level, step, text }: LogLine): string {
  // What a step wrote must not look like a line of another one.
  return `${at} ${level.toUpperCase().padEnd(5)} ${step ?? '-'} ${unstyledText(text).trimEnd().replaceAll('\n', '\n    ')}\n`;
}
