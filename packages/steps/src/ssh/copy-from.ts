// Files of a host into the run.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput, NotFound, Unreachable } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { joinRemote, remoteHash } from '../delivery/sftp-delivery.ts';
import { checkFileName } from '../files/input-files.ts';
import { mediaTypeOf } from '../files/media-type.ts';
import { sha256OfFile } from '../files/place-file.ts';
import type { CopyConfig } from './copy.step.ts';
import { onHost, withResumption } from './host-work.ts';
import { quoted } from './remote-shell.ts';
import { withSftpTo } from './sftp-pool.ts';
import { routeText, routeTo, type SshRoute } from './ssh-route.ts';

/** Of one step. */
const mostFiles = 10_000;

interface Fetched {
  file: FileRef;
  path: string;
  verifiedBy: string;
}

export async function copyFrom(config: CopyConfig, ctx: StepContext): Promise<StepResult> {
  const route = routeTo(await ctx.target(config.target));
  const fetched: Fetched[] = [];
  if (config.pack) fetched.push(await fetchFolder(config, { ctx, route }));
  else for (const remote of await pathsToFetch(config, { ctx, route })) fetched.push(await withResumption(ctx, () => fetchOne({ config, ctx, route, remote })));
  for (const { file, path: from, verifiedBy } of fetched)
    ctx.log.info(`Copied ${from} of ${route.name}: ${file.size} bytes, SHA-256 ${file.sha256}, verified by ${verifiedBy}.`);
  const value = fetched.map(({ file, path: from, verifiedBy }) => ({
    name: file.name,
    path: from,
    size: file.size,
    sha256: file.sha256,
    verifiedBy,
    alreadyThere: false,
  }));
  return { files: fetched.map(({ file }) => file), value: { files: value } };
}

export async function wouldCopyFrom(config: CopyConfig, ctx: StepContext): Promise<StepResult> {
  const route = routeTo(await ctx.target(config.target));
  const what = config.pack ? `${config.path} as an archive` : joinRemote(config.path, config.pattern ?? '').replace(/\/$/, '');
  ctx.log.info(`Dry run: would copy ${what} of ${route.name} (${routeText(route)})${config.sudo ? `, as ${config.sudo} by sudo` : ''}.`);
  return {};
}

interface Where {
  ctx: StepContext;
  route: SshRoute;
}

async function pathsToFetch({ path: folder, pattern, sudo }: CopyConfig, { ctx, route }: Where): Promise<string[]> {
  if (pattern === undefined) return [folder];
  const listed = sudo ? await listBySudo(folder, { ctx, route, sudo }) : await listBySftp(folder, { ctx, route });
  const names = listed.filter((name) => path.matchesGlob(name, pattern)).sort();
  if (names.length === 0)
    throw new NotFound('file.missing', `${route.name} has no file in ${folder} that fits ${pattern}.`, { hint: 'Check the folder and the pattern.' });
  if (names.length > mostFiles)
    throw new InvalidInput('file.too_many', `${names.length} files fit ${pattern}; at most ${mostFiles} are copied by one step.`, {
      hint: 'Take an archive (pack).',
    });
  return names.map((name) => joinRemote(folder, name));
}

function listBySftp(folder: string, { ctx, route }: Where): Promise<string[]> {
  return withSftpTo({ workspaceId: ctx.run.workspaceId, route, signal: ctx.signal }, async (session) =>
    (await session.list(folder)).filter((entry) => entry.attrs.isFile()).map((entry) => entry.filename),
  );
}

async function listBySudo(folder: string, work: Where & { sudo: string }): Promise<string[]> {
  const out = await onHost(work, `cd -- ${quoted(folder)} && for f in * .[!.]*; do [ -f "$f" ] && printf '%s\\n' "$f"; done; true`);
  return out.split('\n').filter((name) => name !== '');
}

async function fetchOne({ config, ctx, route, remote }: Where & { config: CopyConfig; remote: string }): Promise<Fetched> {
  const local = path.join(await ctx.files.scratch(), 'fetched');
  const verifiedBy = config.sudo ? await readBySudo({ ctx, route, sudo: config.sudo, remote, local }) : await readBySftp({ ctx, route, remote, local });
  return { file: await kept(ctx, path.posix.basename(remote), local), path: remote, verifiedBy };
}

/** What came in an earlier attempt of this one file stays, and the rest is fetched; the hash of the whole decides. */
function readBySftp({ ctx, route, remote, local }: Where & { remote: string; local: string }): Promise<string> {
  return withSftpTo({ workspaceId: ctx.run.workspaceId, route, signal: ctx.signal }, async (session) => {
    const found = await session.stat(remote);
    if (!found) throw new NotFound('sftp.missing', `${route.name} has no ${remote}.`, { hint: 'Check the path.' });
    if (found.isDirectory())
      throw new InvalidInput('file.kind', `${remote} on ${route.name} is a folder.`, {
        hint: 'Give a pattern for its files, or take it as an archive (pack).',
      });
    const mark = `${found.size} ${found.mtime}`;
    const before = begun.get(ctx);
    const from = before?.remote === remote && before.mark === mark ? before.bytes : 0;
    begun.set(ctx, { remote, mark, bytes: from });
    await session.getRest(remote, local, {
      from,
      size: found.size,
      onBytes: (bytes) => {
        begun.set(ctx, { remote, mark, bytes });
        ctx.progress({ bytes, total: found.size });
      },
    });
    begun.delete(ctx);
    return compared({ hash: await remoteHash(session, remote), local, remote, ctx, route });
  });
}

/** Of the file that an attempt is at: how much of it is here without a gap. */
const begun = new WeakMap<StepContext, { remote: string; mark: string; bytes: number }>();

async function readBySudo({ ctx, route, sudo, remote, local }: Where & { sudo: string; remote: string; local: string }): Promise<string> {
  await onHost({ ctx, route, sudo }, `cat -- ${quoted(remote)}`, { into: local });
  const hash = await onHost({ ctx, route, sudo }, `sha256sum -- ${quoted(remote)} 2>/dev/null | sed 's/^\\\\//' | cut -c1-64`);
  return compared({ hash: /^[0-9a-f]{64}$/.exec(hash.trim())?.[0], local, remote, ctx, route });
}

async function compared({ hash, local, remote, ctx, route }: Where & { hash: string | undefined; local: string; remote: string }): Promise<string> {
  if (hash === undefined) return 'size';
  if ((await sha256OfFile(local, ctx.signal)) === hash) return 'sha256sum';
  throw new Unreachable('ssh.copy_damaged', `What came of ${remote} is not what ${route.name} has: its SHA-256 is another one.`, {
    hint: 'It may have been written to meanwhile; the step is tried again by itself.',
  });
}

async function fetchFolder(config: CopyConfig, { ctx, route }: Where): Promise<Fetched> {
  const folder = config.path.replace(/\/+$/, '') || '/';
  const local = path.join(await ctx.files.scratch(), 'archive');
  const [parent, name] = folder === '/' ? ['/', '.'] : [path.posix.dirname(folder), path.posix.basename(folder)];
  // GNU tar says 1 when a file changed while it was read: what it has is whole all the same.
  await onHost({ ctx, route, sudo: config.sudo || undefined }, `tar -czf - -C ${quoted(parent)} -- ${quoted(name)}`, { into: local, okExitCodes: [1] });
  const title = folder === '/' ? route.name : path.posix.basename(folder);
  return { file: await kept(ctx, `${title.replace(/^\.+/, '') || 'folder'}.tar.gz`, local), path: folder, verifiedBy: 'tar' };
}

async function kept(ctx: StepContext, name: string, local: string): Promise<FileRef> {
  await stat(local);
  return ctx.files.put({ name: checkFileName(name), mediaType: mediaTypeOf(name) }, localFile(local));
}
