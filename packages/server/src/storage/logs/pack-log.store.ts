// The SQL of packing logs; it sees every workspace.
import type { LogLine } from '@tidewheel/contract/run';
import type pg from 'pg';
import type { ChunkLine, chunkFacts } from './log-chunk.ts';

export interface DueLog {
  workspace: string;
  run: string;
  ended: boolean;
}

/** Logs with enough lines for a chunk, and those of ended runs. */
export async function findDue(pool: pg.Pool, chunkLines: number): Promise<DueLog[]> {
  const { rows } = await pool.query<DueLog>(
    `select d.workspace_id as workspace, d.run_id as run, r.finished_at is not null as ended
     from log_due d join run r on r.id = d.run_id
     where r.finished_at is not null or r.log_seq >= d.packed_seq + $1 limit 20`,
    [chunkLines],
  );
  return rows;
}

/** Where the next chunk of a log ends; null when it has no lines left in rows. A single line is never too large. */
export async function findLast(
  pool: pg.Pool,
  { run, lines, bytes }: { run: string; lines: number; bytes: number },
): Promise<{ seq: number; isFull: boolean } | null> {
  const { rows } = await pool.query<{ seq: number; n: number; total: number }>(
    `select seq, n, total from (
       select seq, row_number() over w as n, sum(octet_length(text)) over w as bytes, count(*) over () as total
       from (select seq, text from step_log where run_id = $1 order by seq limit $2) first window w as (order by seq)) counted
     where bytes <= $3 or n = 1 order by seq desc limit 1`,
    [run, lines, bytes],
  );
  const [last] = rows;
  return last ? { seq: last.seq, isFull: last.n === lines || last.n < last.total } : null;
}

export async function findLines(pool: pg.Pool, { run, upTo }: { run: string; upTo: number }): Promise<ChunkLine[]> {
  const { rows } = await pool.query<Omit<LogLine, 'run' | 'at'> & { at: Date }>(
    'select seq, step_id as step, attempt, at, level, text from step_log where run_id = $1 and seq <= $2 order by seq',
    [run, upTo],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export interface NewChunk extends ReturnType<typeof chunkFacts> {
  workspace: string;
  run: string;
  sha256: string;
  bytes: number;
}

/** Puts a chunk in the place of its lines. False, and nothing is changed, when these are not all there any more. */
export async function replaceByChunk(pool: pg.Pool, chunk: NewChunk): Promise<boolean> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    await client.query('begin');
    const gone = await client.query('delete from step_log where run_id = $1 and seq between $2 and $3', [chunk.run, chunk.first_seq, chunk.last_seq]);
    const isMine = gone.rowCount === chunk.lines;
    if (isMine) await insertChunk(client, chunk);
    await client.query(isMine ? 'commit' : 'rollback');
    return isMine;
  } catch (error) {
    // The transaction ends with its connection, whatever state that is in.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

async function insertChunk(client: pg.ClientBase, chunk: NewChunk): Promise<void> {
  const { workspace, run, sha256, bytes } = chunk;
  await client.query('insert into object (workspace_id, sha256, size) values ($1, $2, $3) on conflict do nothing', [workspace, sha256, bytes]);
  await client.query(
    'insert into log_chunk (workspace_id, run_id, first_seq, last_seq, lines, bytes, sha256, top_level, steps) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [workspace, run, chunk.first_seq, chunk.last_seq, chunk.lines, bytes, sha256, chunk.top_level, chunk.steps],
  );
  await client.query('update log_due set packed_seq = $2 where run_id = $1', [run, chunk.last_seq]);
}

export async function forgetDue(pool: pg.Pool, run: string): Promise<void> {
  await pool.query('delete from log_due where run_id = $1', [run]);
}
