// Files onto a host.
import { createReadStream } from 'node:fs';
import { Conflict } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { checkRemoteFolder, joinRemote, sendParcel } from '../delivery/sftp-delivery.ts';
import { checkFileName, inputFiles } from '../files/input-files.ts';
import { partName } from '../files/place-file.ts';
import type { CopyConfig } from './copy.step.ts';
import { onHost, withResumption } from './host-work.ts';
import { quoted } from './remote-shell.ts';
import { withSftpTo } from './sftp-pool.ts';
import { routeText, routeTo, type SshRoute } from './ssh-route.ts';

interface Copied {
  path: string;
  verifiedBy: string;
  alreadyThere: boolean;
}

export async function copyTo(config: CopyConfig, ctx: StepContext): Promise<StepResult> {
  const route = routeTo(await ctx.target(config.target));
  const files = await filesToCopy(config, ctx);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const copied: (Copied & { name: string; size: number; sha256: string })[] = [];
  let before = 0;
  for (const file of files) {
    const onBytes = (bytes: number) => ctx.progress({ bytes: before + bytes, total });
    const done = await withResumption(ctx, () => copyOne({ config, ctx, route, file, onBytes }));
    before += file.size;
    ctx.log.info(
      done.alreadyThere
        ? `${done.path} was on ${route.name} already with the same content.`
        : `Copied ${file.name} to ${done.path} on ${route.name}: ${file.size} bytes, verified by ${done.verifiedBy}.`,
    );
    copied.push({ name: file.name, size: file.size, sha256: file.sha256, ...done });
  }
  return { value: { files: copied } };
}

export async function wouldCopyTo(config: CopyConfig, ctx: StepContext): Promise<StepResult> {
  const route = routeTo(await ctx.target(config.target));
  for (const file of await filesToCopy(config, ctx)) {
    const as = config.sudo ? `, as ${config.sudo} by sudo` : '';
    const how = config.unpack && isArchive(file.name) ? 'unpack' : 'copy';
    ctx.log.info(`Dry run: would ${how} ${file.name} (${file.size} bytes) to ${config.path} on ${route.name} (${routeText(route)})${as}.`);
  }
  return {};
}

async function filesToCopy(config: CopyConfig, ctx: StepContext): Promise<FileRef[]> {
  if (config.file === undefined) return inputFiles(ctx, config.name || undefined);
  const file = await ctx.files.uploaded(config.file);
  return [{ ...file, name: checkFileName(config.name || file.name) }];
}

interface OneCopy {
  config: CopyConfig;
  ctx: StepContext;
  route: SshRoute;
  file: FileRef;
  onBytes(total: number): void;
}

function copyOne(copy: OneCopy): Promise<Copied> {
  const { config, file } = copy;
  if (config.unpack && isArchive(file.name)) return unpackThere(copy);
  return config.sudo ? placeBySudo(copy) : place(copy);
}

function isArchive(name: string): boolean {
  return /\.(tar|tar\.gz|tgz)$/i.test(name);
}

async function place({ config, ctx, route, file, onBytes }: OneCopy): Promise<Copied> {
  const source = await ctx.files.localPath(file);
  const sent = await withSftpTo({ workspaceId: ctx.run.workspaceId, route, signal: ctx.signal }, (session) =>
    sendParcel({
      session,
      folder: config.path,
      parcel: { name: file.name, source, sha256: file.sha256, size: file.size },
      verify: 'hash',
      overwrite: config.overwrite,
      key: ctx.idempotencyKey,
      scratch: () => ctx.files.scratch(),
      onBytes,
      signal: ctx.signal,
      resumes: true,
      finish: async (part) => {
        if (config.mode !== undefined) await session.setMode(part, Number.parseInt(config.mode, 8));
        if (config.owner !== undefined) await onHost({ ctx, route }, `chown -- ${quoted(config.owner)} ${quoted(await session.realPath(part))}`);
      },
    }),
  );
  return { path: sent.path, verifiedBy: sent.verifiedBy, alreadyThere: sent.alreadyThere };
}

/** The content goes to the other user by standard input: it never lies where the one who signs in, or anybody else, can read it. */
async function placeBySudo({ config, ctx, route, file, onBytes }: OneCopy): Promise<Copied> {
  const folder = checkRemoteFolder(config.path);
  const target = joinRemote(folder, file.name);
  const work = { ctx, route, sudo: config.sudo };
  const known = `target=${quoted(target)}; part=${quoted(joinRemote(folder, partName(file.name, ctx.idempotencyKey)))}
same() { [ -f "$1" ] && [ "$(sha256sum -- "$1" 2>/dev/null | sed 's/^\\\\//' | cut -c1-64)" = ${file.sha256} ]; }`;
  const found = await onHost(work, `${known}\nif same "$target"; then echo same; elif [ -e "$target" ]; then echo other; fi`);
  if (found.trim() === 'same') return { path: target, verifiedBy: 'sha256sum', alreadyThere: true };
  if (found.trim() === 'other' && config.overwrite === 'refuse')
    throw new Conflict('file.exists', `There is another ${target} on ${route.name} already.`, {
      hint: 'Give the file another name, or let the step replace it (overwrite: replace).',
    });
  const lines = [
    known,
    `umask 077; mkdir -p -m 755 -- ${quoted(folder)} && cat >"$part" || { rm -f -- "$part"; exit 1; }`,
    `[ "$(wc -c <"$part")" -eq ${file.size} ] && { ! command -v sha256sum >/dev/null || same "$part"; } || { rm -f -- "$part"; echo "what arrived is not what was sent" >&2; exit 1; }`,
    `chmod ${config.mode ?? '0644'} "$part" || exit 1`,
    ...(config.owner === undefined ? [] : [`chown -- ${quoted(config.owner)} "$part" || exit 1`]),
    'mv -f -- "$part" "$target" && { command -v sha256sum >/dev/null && echo sha256sum || echo size; }',
  ];
  const verifiedBy = await onHost(work, lines.join('\n'), { input: counted(await ctx.files.localPath(file), onBytes) });
  return { path: target, verifiedBy: verifiedBy.trim(), alreadyThere: false };
}

/** The tar of the host reads it as it comes. */
async function unpackThere({ config, ctx, route, file, onBytes }: OneCopy): Promise<Copied> {
  const folder = checkRemoteFolder(config.path);
  const options = /gz$/i.test(file.name) ? '-xzf' : '-xf';
  const lines = [
    `mkdir -p -- ${quoted(folder)} && tar ${options} - -C ${quoted(folder)} || exit 1`,
    ...(config.owner === undefined ? [] : [`chown -R -- ${quoted(config.owner)} ${quoted(folder)}`]),
  ];
  await onHost({ ctx, route, sudo: config.sudo }, lines.join('\n'), { input: counted(await ctx.files.localPath(file), onBytes) });
  return { path: folder, verifiedBy: 'tar', alreadyThere: false };
}

async function* counted(local: string, onBytes: (total: number) => void): AsyncIterable<Buffer> {
  let total = 0;
  for await (const chunk of createReadStream(local, { highWaterMark: 256 * 1024 })) {
    total += (chunk as Buffer).length;
    yield chunk as Buffer;
    onBytes(total);
  }
}
