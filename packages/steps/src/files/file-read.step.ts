import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { closest } from '@tidewheel/contract/closest';
import { type AppError, InvalidInput, NotFound, TooLarge } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, storedFile, template } from '@tidewheel/kit/fields';
import { localFile } from '@tidewheel/kit/local-file';
import type { OpenConnection, StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { folderOf } from '../connectors/folder.connector.ts';
import { sftpOf } from '../connectors/sftp.connector.ts';
import { withSftp } from '../ssh/sftp-pool.ts';
import type { SftpSession } from '../ssh/sftp-session.ts';
import type { FilePlace } from './file-place.ts';
import { joinPath } from './file-write.step.ts';
import { existingPath, folderFile, realRoot } from './folder-path.ts';
import { localFileOf } from './folder-source.ts';
import { mediaTypeOf } from './media-type.ts';
import { fileConnections, openPlace } from './open-place.ts';

const FileReadConfig = z.strictObject({
  connection: connection(fileConnections, { title: 'Connection', description: 'A folder, a server or a bucket' }).optional(),
  file: storedFile({ title: 'Uploaded file', description: 'Instead of a connection: the slug of a file that was uploaded' }).optional(),
  path: template({ title: 'Path', description: 'The file; with a pattern, the folder that holds the files', examples: ['in/trades-{{ today }}.csv'] }).default(
    '',
  ),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Pattern', description: 'Reads every file of that folder whose name fits', examples: ['*.csv', 'trades-2026-??.{csv,txt}'] }),
  whenMissing: z.enum(['fail', 'empty']).default('fail').meta({ title: 'When nothing is there' }),
  maxFiles: z.number().int().min(1).max(10_000).default(1000).meta({ title: 'At most this many files' }),
  maxBytes: z
    .number()
    .int()
    .min(1)
    .default(4 * 1024 ** 3)
    .meta({ title: 'Largest file (bytes)' }),
});
type FileReadConfig = z.output<typeof FileReadConfig>;

export const fileRead = defineStep({
  type: 'file.read',
  version: 1,
  ui: { title: 'Read files', group: 'Files', icon: 'file-import', summary: '{{path}} {{pattern}} from {{connection}}' },
  description:
    'Takes a file, or all files that fit a pattern, from a folder, an SFTP or FTP server, a bucket or the uploaded files, as they are. The content is kept with the run under its SHA-256, so the run can be repeated after the source is gone. Refuses paths that leave the folder, files over the limit, and (unless told otherwise) nothing at all. To read rows, table.read can take the file directly.',
  config: FileReadConfig,
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'file',
  output: z.object({ files: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string() })) }),
  retry: { attempts: 4 },
  examples: [
    { title: 'The trades of the day', config: { connection: 'exchange', path: 'in/trades-{{ today }}.csv' } },
    { title: 'Everything new from a server', config: { connection: 'broker', path: '/outbox', pattern: '*.xml' } },
  ],
  check(config) {
    if ((config.connection === undefined) === (config.file === undefined))
      return [{ path: 'connection', message: 'give either a connection or an uploaded file' }];
    if (config.connection !== undefined && config.path === '' && config.pattern === undefined)
      return [{ path: 'path', message: 'give the path of the file, or a pattern' }];
    return [];
  },
  async run(config, ctx) {
    const files = await readAll(config, ctx).catch((thrown: AppError) => {
      if (config.whenMissing === 'empty' && thrown instanceof NotFound && /^(file|sftp|ftp|s3)\.missing$/.test(thrown.code)) return [];
      throw thrown;
    });
    for (const file of files) ctx.log.info(`Read ${file.name}: ${file.size} bytes, SHA-256 ${file.sha256}.`);
    return { files, value: { files: files.map(({ name, size, sha256 }) => ({ name, size, sha256 })) } };
  },
});

async function readAll(config: FileReadConfig, ctx: StepContext): Promise<FileRef[]> {
  if (config.file !== undefined) return [await ctx.files.uploaded(config.file)];
  const opened = await ctx.connection(config.connection ?? '');
  if (opened.type === 'sftp') return readFromServer(config, ctx, opened);
  if (opened.type === 'folder') return readFromFolder(config, ctx, opened);
  return readFromPlace(config, ctx, await openPlace(ctx, { connection: opened.slug }));
}

/** Of an FTP server or a bucket: there is no temporary file, for what is read is kept at once. */
async function readFromPlace(config: FileReadConfig, ctx: StepContext, place: FilePlace): Promise<FileRef[]> {
  const read = async (file: string): Promise<FileRef> => {
    const found = await place.stat(file);
    if (!found) throw new NotFound('file.missing', `There is no ${file} on ${place.address}.`, { hint: 'Check the path; upper and lower case count.' });
    checkSize({ name: file, size: found.size, limit: config.maxBytes });
    const name = path.posix.basename(file);
    const onBytes = (bytes: number) => ctx.progress({ bytes, total: found.size });
    return ctx.files.put(
      { name, mediaType: mediaTypeOf(name) },
      limited({ name: file, limit: config.maxBytes, signal: ctx.signal, content: place.read(file), onBytes }),
    );
  };
  if (config.pattern === undefined) return [await read(config.path)];
  const listed = await place.list({ path: config.path, pattern: config.pattern, limit: config.maxFiles });
  if (listed.length === 0 && config.whenMissing === 'fail')
    throw new NotFound('file.missing', `No file in ${config.path || 'the folder'} on ${place.address} fits ${config.pattern}.`, {
      hint: 'Check the folder and the pattern.',
    });
  return inTurn(
    listed.map((file) => file.path),
    read,
  );
}

async function readFromFolder(config: FileReadConfig, ctx: StepContext, opened: OpenConnection): Promise<FileRef[]> {
  const { root } = folderOf(opened);
  const read = async (file: string): Promise<FileRef> => {
    const local = await localFileOf(opened, file);
    const { size } = await stat(local);
    checkSize({ name: file, size, limit: config.maxBytes });
    return ctx.files.put(
      { name: path.basename(file), mediaType: mediaTypeOf(file) },
      limited({
        name: file,
        limit: config.maxBytes,
        signal: ctx.signal,
        content: folderFile({ root, file, signal: ctx.signal }),
        onBytes: (bytes) => ctx.progress({ bytes, total: size }),
      }),
    );
  };
  if (config.pattern === undefined) return [await read(config.path)];
  const folder = config.path.replace(/[/.]+$/, '') === '' ? await realRoot(root) : await existingPath({ root, file: config.path });
  const entries = await readdir(folder, { withFileTypes: true });
  const names = matching(
    entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name),
    config,
  );
  return inTurn(names, (name) => read(joinPath(config.path.replace(/^\.?\/?$/, ''), name)));
}

function readFromServer(config: FileReadConfig, ctx: StepContext, opened: OpenConnection): Promise<FileRef[]> {
  return withSftp({ workspaceId: ctx.run.workspaceId, slug: opened.slug, signal: ctx.signal, ...sftpOf(opened) }, async (session) => {
    if (config.pattern === undefined) return [await fetchFile({ session, remote: config.path, config, ctx })];
    const entries = await session.list(config.path || '.');
    const names = matching(
      entries.filter((entry) => !entry.attrs.isDirectory()).map((entry) => entry.filename),
      config,
    );
    return inTurn(names, (name) => fetchFile({ session, remote: joinPath(config.path, name), config, ctx }));
  });
}

async function fetchFile({
  session,
  remote,
  config,
  ctx,
}: {
  session: SftpSession;
  remote: string;
  config: FileReadConfig;
  ctx: StepContext;
}): Promise<FileRef> {
  const found = await session.stat(remote);
  if (!found) throw await missingRemote(session, remote);
  if (found.isDirectory())
    throw new InvalidInput('file.kind', `${remote} on ${session.ssh.place} is a folder.`, { hint: 'Name a file, or give a pattern for the files in it.' });
  checkSize({ name: remote, size: found.size, limit: config.maxBytes });
  const local = path.join(await ctx.files.scratch(), 'fetched');
  await session.get(remote, local, (bytes) => ctx.progress({ bytes, total: found.size }));
  const name = path.posix.basename(remote);
  return ctx.files.put({ name, mediaType: mediaTypeOf(name) }, localFile(local));
}

async function missingRemote(session: SftpSession, remote: string): Promise<NotFound> {
  const entries = await session.list(path.posix.dirname(remote)).catch(() => undefined);
  const close =
    entries &&
    closest(
      path.posix.basename(remote),
      entries.map((entry) => entry.filename),
    );
  return new NotFound('sftp.missing', `There is no ${remote} on ${session.ssh.place}.`, {
    hint: close ? `Did you mean ${JSON.stringify(close)}?` : entries ? `Its folder holds ${entries.length} entries.` : 'Its folder is not there either.',
  });
}

// Hidden files are left out, as a shell does: among them are the part files of those who write there now.
function matching(names: string[], { pattern = '*', path: folder, whenMissing, maxFiles }: FileReadConfig): string[] {
  const fit = names.filter((name) => path.posix.matchesGlob(name, pattern) && (!name.startsWith('.') || pattern.startsWith('.'))).sort();
  if (fit.length > maxFiles)
    throw new TooLarge('file.too_many', `${fit.length} files fit ${pattern}; at most ${maxFiles} are read at once.`, {
      hint: 'Narrow the pattern or raise maxFiles.',
    });
  if (fit.length > 0 || whenMissing === 'empty') return fit;
  throw new NotFound('file.missing', `No file in ${folder || 'the folder'} fits ${pattern}.`, {
    hint:
      names.length === 0
        ? 'The folder is empty.'
        : `It holds ${names
            .slice(0, 5)
            .map((name) => JSON.stringify(name))
            .join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}.`,
  });
}

async function inTurn<T>(names: string[], work: (name: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const name of names) results.push(await work(name));
  return results;
}

function checkSize({ name, size, limit }: { name: string; size: number; limit: number }): void {
  if (size > limit)
    throw new TooLarge('file.too_large', `${name} has ${size} bytes; at most ${limit} are allowed.`, { hint: 'Raise maxBytes if that is right.' });
}

// A file that grows while it is read is held to the limit too.
async function* limited({
  name,
  limit,
  signal,
  content,
  onBytes,
}: {
  name: string;
  limit: number;
  signal: AbortSignal;
  content: AsyncIterable<Uint8Array>;
  onBytes(total: number): void;
}): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of content) {
    signal.throwIfAborted();
    size += chunk.byteLength;
    checkSize({ name, size, limit });
    onBytes(size);
    yield chunk;
  }
}
