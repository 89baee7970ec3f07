// Reads the log of a run, wherever its lines are: the beginning of a long one lies in the object store, the rest in rows.
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type LogLine, logLevels } from '@tidewheel/contract/run';
import type { ObjectStore } from '../objects/object-store.ts';
import { verifiedRead } from '../objects/verified-read.ts';
import { decodeChunk } from './log-chunk.ts';
import { findLog, type LogFilter, type LogReader, pageBytes } from './logs.store.ts';

export interface LogSource {
  workspaceId: string;
  objects: ObjectStore;
  /** Gives a reader that sees this workspace, for one look; never held while an object is read. */
  read<T>(look: (reader: LogReader) => Promise<T>): Promise<T>;
}
export interface LogPart {
  lines: LogLine[];
  /** Up to here everything has been looked at. */
  upTo: number;
  /** How many lines that were, about. */
  looked: number;
  /** Nothing comes after it for now. */
  isLast: boolean;
}

const pageOfRows = 2_000;

interface LogStretch extends LogFilter {
  after: number;
}

/** What fits the filter after a number, part by part: a chunk, or a page of rows. Ends where the log ends now. */
export async function* logParts(source: LogSource, { after: start, ...filter }: LogStretch, rows = pageOfRows): AsyncGenerator<LogPart> {
  for (let after = start; ; ) {
    const found = await source.read((reader) => findLog(reader, { ...filter, after, limit: rows }));
    for (const chunk of found.chunks) {
      const lines = await readChunk(source, { run: filter.run, sha256: chunk.sha256 });
      const seen = after;
      yield { lines: lines.filter((line) => line.seq > seen && fits(line, filter)), upTo: chunk.last_seq, looked: chunk.lines, isLast: false };
      after = chunk.last_seq;
    }
    if (found.hasMoreChunks) continue;
    const seen = after;
    const lines = found.lines.filter((line) => line.seq > seen);
    after = lines.at(-1)?.seq ?? after;
    const isLast = !found.hasMoreLines;
    if (lines.length > 0) yield { lines, upTo: after, looked: lines.length, isLast };
    if (isLast) return;
  }
}

/** The lines that come first after a number: at most `limit` rows, or the rest of a chunk whole, for it is read whole. */
export async function firstPart(source: LogSource, { limit, ...wanted }: LogStretch & { limit: number }): Promise<{ lines: LogLine[]; isCut: boolean }> {
  for await (const { lines, isLast } of logParts(source, wanted, limit)) return { lines, isCut: !isLast };
  return { lines: [], isCut: false };
}

/** Up to `limit` lines, or fewer where they are long. None: there are no more. */
export async function readLog(source: LogSource, { limit, ...wanted }: LogStretch & { limit: number }): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let size = 0;
  for await (const part of logParts(source, wanted)) {
    for (const line of part.lines) {
      lines.push(line);
      size += line.text.length;
      if (lines.length === limit || size >= pageBytes) return lines;
    }
  }
  return lines;
}

async function readChunk({ workspaceId, objects }: LogSource, { run, sha256 }: { run: string; sha256: string }): Promise<LogLine[]> {
  // By way of the local copy: who reads a log reads on.
  const file = await objects.localPath(workspaceId, sha256);
  const lines = await decodeChunk(await buffer(verifiedRead(createReadStream(file, { highWaterMark: 256 * 1024 }), sha256)));
  return lines.map((line) => ({ run, ...line }));
}

function fits(line: LogLine, { step, level }: LogFilter): boolean {
  return (step === undefined || line.step === step) && (level === undefined || logLevels.indexOf(line.level) >= logLevels.indexOf(level));
}
