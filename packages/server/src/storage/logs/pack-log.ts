// Packs the beginning of long logs into the object store: the object first, then in one transaction its row and the end of the lines' rows.
// A crash between the two leaves an object that the next attempt finds again under the same hash.
import type pg from 'pg';
import type { Logger } from '../../base/logger.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { type ChunkLine, chunkFacts, chunkLimits, encodeChunk } from './log-chunk.ts';
import { type DueLog, findDue, findLast, findLines, forgetDue, replaceByChunk } from './pack-log.store.ts';

export interface PackingParts {
  pool: pg.Pool;
  objects: ObjectStore;
}

const everyMs = 1_000;
/** Of one log before others have their turn. */
const chunksInTurn = 20;

/** @returns how to end it */
export function startLogPacking({ log, ...parts }: PackingParts & { log: Logger }): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const round = async () => {
    const packed = await packLogs(parts, () => isStopped).catch((error: unknown) => {
      log.warn({ err: error }, 'long logs could not be packed; trying again');
      return 0;
    });
    if (!isStopped) next(packed > 0 ? 0 : everyMs);
  };
  const next = (waitMs: number) => {
    timer = setTimeout(() => {
      working = round();
    }, waitMs);
    timer.unref();
  };
  next(everyMs);
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await working;
  };
}

/** Packs what is due now, each log for a while. @returns how many chunks it made */
export async function packLogs(parts: PackingParts, isStopped: () => boolean = () => false): Promise<number> {
  let made = 0;
  for (const due of await findDue(parts.pool, chunkLimits.lines)) made += await packOne(parts, { due, isStopped });
  return made;
}

async function packOne(parts: PackingParts, { due, isStopped }: { due: DueLog; isStopped: () => boolean }): Promise<number> {
  for (let made = 0; made < chunksInTurn; made++) {
    if (isStopped()) return made;
    const lines = await nextLines(parts.pool, due);
    if (lines.length === 0) {
      if (due.ended) await forgetDue(parts.pool, due.run);
      return made;
    }
    // Somebody else packed the very same lines: they are his.
    if (!(await packLines(parts, { due, lines }))) return made;
  }
  return chunksInTurn;
}

/** The lines of the next chunk; none while there is too little for one and more may come. */
async function nextLines(pool: pg.Pool, { run, ended }: DueLog): Promise<ChunkLine[]> {
  const last = await findLast(pool, { run, ...chunkLimits });
  if (last === null || (!ended && !last.isFull)) return [];
  return findLines(pool, { run, upTo: last.seq });
}

async function packLines({ pool, objects }: PackingParts, { due, lines }: { due: DueLog; lines: ChunkLine[] }): Promise<boolean> {
  const content = await encodeChunk(lines);
  const { sha256, size } = await objects.put(due.workspace, single(content));
  return replaceByChunk(pool, { workspace: due.workspace, run: due.run, sha256, bytes: size, ...chunkFacts(lines) });
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
