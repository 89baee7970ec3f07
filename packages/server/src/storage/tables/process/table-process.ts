// The child process in which tables are computed. It is trusted with nothing but the files of its job, and goes when its parent goes.
import { type AppError, Bug, type ErrorDetails, toAppError } from '@tidewheel/contract/errors';
import { runJob } from '../job/run-job.ts';
import type { TableJob } from '../table-engine.ts';
import { checkExpressions } from './check-expressions.ts';
import type { ProcessSettings, Reply, Request, SentError, Work } from './protocol.ts';
import { openRows, type RowCursor, readPage } from './read-parquet.ts';
import { bytesOf } from './resource-watch.ts';
import { lockSession, type OpenDatabase, openDatabase } from './session.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as ProcessSettings;
// DuckDB takes more than it is told, the rest of the process takes some as well: the limit is meant for all of it.
const ownShare = 0.85;
const limits = { ...settings, memoryLimit: duckMemory(settings.memoryLimit) };
const cursors = new Map<number, RowCursor>();
// Made before it is asked for: an instance costs 10 to 80 ms.
let spare: Promise<OpenDatabase> | undefined = openDatabase(limits);

function duckMemory(limit: string): string {
  return `${Math.floor((bytesOf(limit) * ownShare) / 1e6)}MB`;
}

function takeDatabase(): Promise<OpenDatabase> {
  const taken = spare ?? openDatabase(limits);
  spare = undefined;
  return taken;
}

function prepareSpare(): void {
  spare ??= openDatabase(limits);
  spare.catch(() => {
    spare = undefined;
  });
}

function send(reply: Reply): void {
  process.send?.(reply);
}

async function openForJob(job: TableJob) {
  const files = job.nodes.flatMap((node) =>
    Object.values(node.inputs).flatMap((input) => ('stored' in input ? [input.stored.path, ...(input.stored.further ?? [])] : [])),
  );
  const { folder, threads } = job;
  const memoryLimit = job.memory === undefined ? undefined : duckMemory(job.memory);
  return lockSession(await takeDatabase(), { files, folder, spillLimit: settings.spillLimit, memoryLimit, threads });
}

async function openFor(files: string[]) {
  return lockSession(await takeDatabase(), { files, folder: undefined, spillLimit: settings.spillLimit });
}

async function perform(id: number, work: Work): Promise<unknown> {
  switch (work.kind) {
    case 'job':
      // Dates cross the channel as text.
      return runJob(
        { ...work.job, now: new Date(work.job.now) },
        {
          open: openForJob,
          memoryBytes: bytesOf(work.job.memory ?? settings.memoryLimit) * ownShare,
          log: (text) => send({ id, log: text }),
          at: (step) => send({ id, at: step }),
          progress: (progress) => send({ id, progress }),
        },
      );
    case 'check':
      return checkExpressions(await openFor([]), work.expressions);
    case 'page':
      return readPage(await openFor([work.file]), work);
    case 'rows': {
      const cursor = await openRows(await openFor([work.file]), work);
      cursors.set(id, cursor);
      return { columns: cursor.columns };
    }
  }
}

async function nextBatch(id: number): Promise<unknown> {
  const cursor = cursors.get(id);
  if (!cursor) throw new Bug('bug.table_cursor', 'The stream of rows is not open.');
  const rows = await cursor.next();
  if (rows === null) endCursor(id);
  return rows;
}

function endCursor(id: number): void {
  cursors.get(id)?.close();
  cursors.delete(id);
}

function sentError(thrown: unknown): SentError {
  const error: AppError = toAppError(thrown);
  const details: ErrorDetails | undefined = error.details;
  return { status: error.status, code: error.code, message: error.message, hint: error.hint, details };
}

async function answer(request: Request): Promise<void> {
  try {
    if ('stop' in request) endCursor(request.id);
    else if ('next' in request) send({ id: request.id, ok: await nextBatch(request.id) });
    else send({ id: request.id, ok: await perform(request.id, request.work) });
  } catch (error) {
    endCursor(request.id);
    send({ id: request.id, error: sentError(error) });
  }
  // After the answer, so that the next caller and not this one waits for it.
  if ('work' in request) prepareSpare();
}

process.on('message', (request: Request) => void answer(request));
// A clean exit would wait for DuckDB's threads; nothing here needs to be saved.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

await spare;
send({ ready: true });
