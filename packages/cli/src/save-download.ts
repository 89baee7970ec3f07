// A download into a file: never half a file under its name, never over another one unasked, and its checksum verified.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, link, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type AppError, Conflict, InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { CommandFailed } from './command-failed.ts';
import { exitCodes } from './exit-codes.ts';
import { hasCode } from './file-error.ts';
import { ProgressLine } from './output/progress.ts';
import { plain } from './output/text.ts';

export interface Saved {
  path: string;
  size: number;
  sha256: string;
}
export interface Save {
  response: Response;
  /** `-`: stdout. */
  target: string;
  /** What the server's list says; else the answer's ETag. */
  sha256?: string | undefined;
  overwrite: boolean;
  signal: AbortSignal;
  isQuiet: boolean;
}

/** Name of the file that an answer carries, as a name in this folder whatever it says. */
export function fileNameOf(response: Response, fallback: string): string {
  const header = response.headers.get('content-disposition') ?? '';
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  const simple = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i
    .exec(header)
    ?.slice(1)
    .find((name) => name !== undefined)
    ?.replaceAll(/\\(.)/g, '$1');
  return safeFileName((extended === undefined ? simple : decodeURIComponent(extended)) ?? fallback, fallback);
}

/** A name that stays in its folder: a server must not choose where we write. */
export function safeFileName(name: string, fallback: string): string {
  const base = plain(name).split(/[/\\]/).at(-1)?.trim() ?? '';
  return base === '' || base === '.' || base === '..' ? fallback : base;
}

/** @throws Conflict before a byte is fetched */
export async function refuseExisting(target: string, overwrite: boolean): Promise<void> {
  if (target === '-' || overwrite) return;
  const exists = await access(target).then(
    () => true,
    () => false,
  );
  if (exists) throw existing(target);
}

export async function saveDownload(save: Save): Promise<Saved> {
  const wanted = save.sha256 ?? etagOf(save.response);
  const hash = createHash('sha256');
  const temporary = `${save.target}.${process.pid}.part`;
  const sink = save.target === '-' ? stdoutSink() : createWriteStream(temporary, { flags: 'wx' });
  const progress = new ProgressLine({ label: path.basename(save.target), total: sizeOf(save.response), isQuiet: save.isQuiet });
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      progress.add(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(save.response.body as Parameters<typeof Readable.fromWeb>[0]), meter, sink, { signal: save.signal });
    progress.end();
    const sha256 = hash.digest('hex');
    if (wanted !== undefined && sha256 !== wanted) throw mismatch(save.target, { wanted, sha256 });
    if (save.target !== '-') await putInPlace(temporary, save);
    return { path: save.target, size: progress.done, sha256 };
  } catch (thrown) {
    throw downloadError(thrown, save);
  } finally {
    progress.end();
    if (save.target !== '-') await rm(temporary, { force: true });
  }
}

/** pipeline would end stdout, which others still write to. */
function stdoutSink(): NodeJS.WritableStream {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (process.stdout.write(chunk)) done();
      else process.stdout.once('drain', done);
    },
  }).resume();
}

async function putInPlace(temporary: string, save: Save): Promise<void> {
  if (save.overwrite) return rename(temporary, save.target);
  // A link fails where a file has come into being meanwhile; a rename would replace it.
  await link(temporary, save.target).catch(async (thrown: unknown) => {
    if (hasCode(thrown, 'EEXIST')) throw existing(save.target);
    await rename(temporary, save.target);
  });
}

function downloadError(thrown: unknown, save: Save): unknown {
  if (save.signal.aborted) return new CommandFailed(exitCodes.interrupted);
  if (hasCode(thrown, 'ENOENT', 'EACCES', 'ENOTDIR', 'EROFS', 'ENOSPC')) {
    return new InvalidInput('download.target', `Cannot write ${save.target}: ${(thrown as Error).message}`, {
      hint: 'Choose another place with --output.',
      cause: thrown,
    });
  }
  if (thrown instanceof TypeError || hasCode(thrown, 'ECONNRESET', 'UND_ERR_SOCKET')) {
    return new Unreachable('download.broken', `The download of ${save.target} broke off`, { hint: 'Nothing was kept; try again.', cause: thrown });
  }
  return thrown;
}

function existing(target: string): Conflict {
  return new Conflict('download.exists', `${target} exists already`, { hint: 'Use --force to replace it, or --output for another place.' });
}

function mismatch(target: string, sums: { wanted: string; sha256: string }): AppError {
  return new InvalidInput('download.checksum', `The content of ${target} does not have its checksum: it should be ${sums.wanted} and is ${sums.sha256}`, {
    hint: 'Nothing was kept. Try again; if it happens twice, the stored object is damaged.',
  });
}

function etagOf(response: Response): string | undefined {
  return /^"([0-9a-f]{64})"$/.exec(response.headers.get('etag') ?? '')?.[1];
}
function sizeOf(response: Response): number | null {
  const length = response.headers.get('content-length');
  return length === null || response.headers.get('content-encoding') !== null ? null : Number(length);
}
