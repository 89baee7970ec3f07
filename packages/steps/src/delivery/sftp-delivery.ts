// One file to an SFTP server: written aside, verified by size and hash, renamed. A broken transfer never shows under the final name.
import path from 'node:path';
import { AppError, Conflict, InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { partName, sha256OfFile, type WouldFind } from '../files/place-file.ts';
import { quoted } from '../ssh/remote-shell.ts';
import type { SftpSession } from '../ssh/sftp-session.ts';
import type { Sent } from './deliver-each.ts';

export interface Parcel {
  name: string;
  /** Local path of the content. */
  source: string;
  sha256: string;
  size: number;
}

export interface SendOptions {
  session: SftpSession;
  /** Remote folder, made when missing. */
  folder: string;
  parcel: Parcel;
  verify: 'hash' | 'size';
  overwrite: 'replace' | 'refuse';
  /** The same for every attempt, so that a retry takes up its own leftover. */
  key: string;
  scratch(): Promise<string>;
  onBytes(total: number): void;
  signal: AbortSignal;
  /** Goes on with the part that a broken transfer left, when it is the beginning of this content. */
  resumes?: boolean;
  /** Done with the whole and compared file while it still has its hidden name: its mode, its owner. */
  finish?(part: string): Promise<void>;
}

/** @throws InvalidInput for a remote path that climbs */
export function checkRemoteFolder(folder: string): string {
  const parts = folder.split('/');
  if (parts.includes('..') || /[\0\n\r]/.test(folder))
    throw new InvalidInput('file.path', `The remote folder ${JSON.stringify(folder)} holds ".." or a control character.`, {
      hint: 'Give the folder itself, such as /in or reports/2026.',
    });
  return folder === '' ? '.' : folder === '/' ? '/' : folder.replace(/\/+$/, '');
}

export async function sendParcel(options: SendOptions): Promise<Sent & { path: string }> {
  const { session, parcel } = options;
  const folder = checkRemoteFolder(options.folder);
  await makeFolders(session, folder);
  const target = joinRemote(folder, parcel.name);
  const found = await session.stat(target);
  if (found?.isDirectory()) throw new InvalidInput('file.kind', `${target} on ${session.ssh.place} is a folder.`, { hint: 'Choose another name or folder.' });
  if (found && found.size === parcel.size) {
    const verifiedBy = await compareHash(options, target);
    if (verifiedBy) return { path: target, alreadyThere: true, verifiedBy, hostKey: session.ssh.hostKey };
  }
  if (found && options.overwrite === 'refuse') throw taken(target, session);
  return { path: target, alreadyThere: false, ...(await transfer(options, target)), hostKey: session.ssh.hostKey };
}

/** Signs in and looks at the place, and writes nothing. Whether what is there is the same is not read. @throws as sendParcel before it writes */
export async function wouldSend({
  session,
  parcel,
  ...options
}: Pick<SendOptions, 'session' | 'folder' | 'overwrite'> & { parcel: Pick<Parcel, 'name' | 'size'> }): Promise<WouldFind> {
  const folder = checkRemoteFolder(options.folder);
  const base = await session.stat(folder);
  if (base && !base.isDirectory())
    throw new InvalidInput('file.kind', `${folder} on ${session.ssh.place} is a file, and a folder is needed.`, { hint: 'Choose another folder.' });
  const target = joinRemote(folder, parcel.name);
  const found = await session.stat(target);
  if (found?.isDirectory()) throw new InvalidInput('file.kind', `${target} on ${session.ssh.place} is a folder.`, { hint: 'Choose another name or folder.' });
  if (found && found.size !== parcel.size && options.overwrite === 'refuse') throw taken(target, session);
  return found ? 'other' : 'nothing';
}

async function transfer(options: SendOptions, target: string): Promise<{ verifiedBy: string; renamedBy: string }> {
  const { session, parcel, overwrite } = options;
  const part = joinRemote(path.posix.dirname(target), partName(parcel.name, options.key));
  try {
    await put(options, part);
    await session.sync(part);
    const verifiedBy = await verify(options, part);
    await options.finish?.(part);
    const renamedBy = overwrite === 'replace' ? await session.replace(part, target) : await renameOntoNothing(session, part, target);
    return { verifiedBy, renamedBy };
  } catch (thrown) {
    if (session.ssh.isOpen()) await session.remove(part).catch(() => {});
    throw thrown;
  }
}

// OpenSSH answers a full disk with a bare "Failure": its free space tells whether that was it.
async function put(options: SendOptions, part: string): Promise<void> {
  const { session, parcel, onBytes } = options;
  try {
    const from = options.resumes ? await sameBeginning(options, part) : 0;
    await session.put(parcel.source, part, onBytes, from > 0 ? { from, size: parcel.size } : undefined);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'sftp.failed' || !session.ssh.isOpen()) throw thrown;
    const free = await session.freeBytes(path.posix.dirname(part)).catch(() => undefined);
    if (free === undefined || free >= parcel.size) throw thrown;
    throw new Unreachable('sftp.full', `${session.ssh.place} has no space left for ${parcel.name}: ${free} bytes free, ${parcel.size} needed.`, {
      hint: 'Ask its owner for space; the delivery is tried again by itself.',
      cause: thrown,
    });
  }
}

/** How many bytes of the part are the beginning of the content; 0 where that cannot be told by a command there. */
async function sameBeginning({ session, parcel, signal }: SendOptions, part: string): Promise<number> {
  const there = (await session.stat(part))?.size ?? 0;
  if (there === 0 || there >= parcel.size) return 0;
  const remote = await remoteHash(session, part);
  return remote !== undefined && remote === (await sha256OfFile(parcel.source, signal, there)) ? there : 0;
}

/** By a command of the host; undefined where it has none, or commands see another file tree (chroot). */
export async function remoteHash(session: SftpSession, remote: string): Promise<string | undefined> {
  const absolute = await session.realPath(remote);
  const out = await session.run(`sha256sum -- ${quoted(absolute)}`, 4096);
  return out && /^\\?([0-9a-f]{64})\s/.exec(out)?.[1];
}

async function verify(options: SendOptions, part: string): Promise<string> {
  const { session, parcel } = options;
  const size = (await session.stat(part))?.size;
  if (size !== parcel.size) throw damaged(session, `${part} has ${size ?? 'no'} bytes instead of ${parcel.size}`);
  if (options.verify === 'size') return 'size';
  const verifiedBy = await compareHash(options, part);
  if (!verifiedBy) throw damaged(session, `${part} has the right size but another SHA-256`);
  return verifiedBy;
}

function damaged(session: SftpSession, what: string): Unreachable {
  return new Unreachable('deliver.damaged', `What arrived at ${session.ssh.place} is not what was sent: ${what}.`, {
    hint: 'The part file was removed; the delivery is tried again by itself.',
  });
}

/** How the remote content was found to be the parcel's; undefined when it is something else. Reading back decides: a command may see another file tree (chroot). */
async function compareHash({ session, parcel, scratch, signal }: SendOptions, remote: string): Promise<string | undefined> {
  if ((await remoteHash(session, remote)) === parcel.sha256) return 'sha256sum';
  const local = path.join(await scratch(), 'read-back');
  await session.get(remote, local, () => {});
  return (await sha256OfFile(local, signal)) === parcel.sha256 ? 'read back' : undefined;
}

async function renameOntoNothing(session: SftpSession, part: string, target: string): Promise<string> {
  try {
    await session.renameNew(part, target);
    return 'rename';
  } catch (thrown) {
    if (await session.stat(target)) throw taken(target, session);
    throw thrown;
  }
}

function taken(target: string, session: SftpSession): Conflict {
  return new Conflict('file.exists', `There is another ${target} on ${session.ssh.place} already.`, {
    hint: 'Give the file another name, or let the step replace it (overwrite: replace).',
  });
}

async function makeFolders(session: SftpSession, folder: string): Promise<void> {
  const found = await session.stat(folder);
  if (found?.isDirectory()) return;
  if (found) throw new InvalidInput('file.kind', `${folder} on ${session.ssh.place} is a file, and a folder is needed.`, { hint: 'Choose another folder.' });
  const parent = path.posix.dirname(folder);
  if (parent !== folder && parent !== '.') await makeFolders(session, parent);
  try {
    await session.makeFolder(folder);
  } catch (thrown) {
    // Somebody else made it meanwhile.
    if (!(await session.stat(folder))?.isDirectory()) throw thrown;
  }
}

export function joinRemote(folder: string, name: string): string {
  return folder === '.' ? name : folder === '/' ? `/${name}` : `${folder}/${name}`;
}
