// The SQL of reading logs. What is in a chunk comes before what is still in rows.
import { type LogLine, logLevels } from '@tidewheel/contract/run';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../schema.ts';

export type LogReader = Pick<Kysely<Database>, 'selectFrom'>;

export interface LogFilter {
  run: string;
  step?: string | undefined;
  /** This level and above. */
  level?: LogLine['level'] | undefined;
}
export interface FoundLog {
  chunks: { first_seq: number; last_seq: number; lines: number; sha256: string }[];
  lines: LogLine[];
  /** There are further chunks before the rows: these must be read first. */
  hasMoreChunks: boolean;
  /** There are further rows. */
  hasMoreLines: boolean;
}

/** Of text in one answer, about; one line is always given. */
export const pageBytes = 8_000_000;
const mostChunks = 1_000;

/**
 * Chunks and rows after a number. Rows are read first: a line that is packed meanwhile is found twice, and never missed.
 */
export async function findLog(reader: LogReader, { after, limit, ...filter }: LogFilter & { after: number; limit: number }): Promise<FoundLog> {
  const { lines, hasMore } = await findLines(reader, { after, limit, ...filter });
  const chunks = await findChunks(reader, { after, ...filter });
  return { lines, chunks, hasMoreChunks: chunks.length === mostChunks, hasMoreLines: hasMore };
}

const levelsFrom = (level: LogLine['level']) => logLevels.slice(logLevels.indexOf(level));

async function findLines(
  reader: LogReader,
  { run, after, limit, step, level }: LogFilter & { after: number; limit: number },
): Promise<{ lines: LogLine[]; hasMore: boolean }> {
  let page = reader.selectFrom('step_log').where('run_id', '=', run).where('seq', '>', after).orderBy('seq').limit(limit);
  if (level !== undefined) page = page.where('level', 'in', levelsFrom(level));
  if (step !== undefined) page = page.where('step_id', '=', step);
  const columns = page.select(['seq', 'step_id as step', 'attempt', 'at', 'level', 'text']);
  const sized = reader
    .selectFrom(columns.as('page'))
    .selectAll()
    .select(sql<number>`count(*) over ()`.as('found'))
    .select(sql<number>`sum(octet_length(text)) over (order by seq) - octet_length(text)`.as('before'));
  const rows = await reader.selectFrom(sized.as('sized')).selectAll().where('before', '<', pageBytes).orderBy('seq').execute();
  const found = rows[0]?.found ?? 0;
  return {
    lines: rows.map(({ found: _found, before: _before, at, ...row }) => ({ run, ...row, at: at.toISOString() })),
    hasMore: found === limit || rows.length < found,
  };
}

function findChunks(reader: LogReader, { run, after, step, level }: LogFilter & { after: number }) {
  let query = reader.selectFrom('log_chunk').where('run_id', '=', run).where('last_seq', '>', after).orderBy('first_seq').limit(mostChunks);
  if (level !== undefined) query = query.where('top_level', 'in', levelsFrom(level));
  if (step !== undefined) query = query.where(sql<SqlBool>`(steps is null or ${step} = any(steps))`);
  return query.select(['first_seq', 'last_seq', 'lines', 'sha256']).execute();
}
