// A pack of log lines as an object: gzip of NDJSON, one line of the log per line of text, in order of `seq`.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Unreachable } from '@tidewheel/contract/errors';
import { type LogLine, logLevels } from '@tidewheel/contract/run';

export type ChunkLine = Omit<LogLine, 'run'>;

/** The most in one chunk. */
export const chunkLimits = { lines: 5_000, bytes: 4_000_000 };
/** More steps than this are not named in a chunk's row. */
const namedSteps = 50;
/** What a chunk may grow to again: JSON makes six characters of a control character. */
const unpackedLimit = 64 * 1024 ** 2;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export function encodeChunk(lines: ChunkLine[]): Promise<Buffer> {
  return pack(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** @throws Unreachable when the content is not what was packed */
export async function decodeChunk(content: Buffer): Promise<ChunkLine[]> {
  try {
    const text = (await unpack(content, { maxOutputLength: unpackedLimit })).toString();
    return JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as ChunkLine[];
  } catch (thrown) {
    throw new Unreachable('log.damaged', 'A part of this log cannot be read: its object is damaged.', {
      hint: 'Check the disk of the object store and restore the object from a backup.',
      cause: thrown,
    });
  }
}

/** What a chunk's row says of its lines. There must be one at least. */
export function chunkFacts(lines: ChunkLine[]) {
  const steps = new Set(lines.flatMap(({ step }) => (step === null ? [] : [step])));
  const top = Math.max(...lines.map(({ level }) => logLevels.indexOf(level)));
  return {
    first_seq: lines[0]?.seq ?? 0,
    last_seq: lines.at(-1)?.seq ?? 0,
    lines: lines.length,
    top_level: logLevels[top] ?? 'error',
    steps: steps.size > namedSteps ? null : [...steps],
  };
}
