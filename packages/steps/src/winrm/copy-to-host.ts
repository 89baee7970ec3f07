// One file onto a host: sent under a hidden name, going on where an earlier attempt stopped, compared there, then put in its place.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Conflict, Unreachable } from '@tidewheel/contract/errors';
import { finishFile, type Limits, type Probe, probeFile, storePart } from './copy-scripts.ts';
import { reasonOf } from './host-script.ts';
import type { WinrmShell } from './winrm-shell.ts';

export interface Parcel extends Limits {
  /** On the host. */
  path: string;
  /** Here. */
  source: string;
  size: number;
  sha256: string;
  overwrite: 'replace' | 'refuse';
  /** The same for every attempt, so that one goes on where another stopped. */
  key: string;
  onBytes(bytes: number): void;
}

export interface Placed {
  path: string;
  alreadyThere: boolean;
  /** How much was there from an earlier attempt. */
  resumedAt: number;
}

/** @throws Conflict `winrm.exists`, `winrm.folder_there`; Unreachable `winrm.damaged` */
export async function copyToHost(shell: WinrmShell, parcel: Parcel): Promise<Placed> {
  const found = await probeFile(shell, { path: parcel.path, key: keyOf(parcel), signal: parcel.signal, timeoutMs: parcel.timeoutMs });
  if (found.kind === 'folder')
    throw new Conflict('winrm.folder_there', `${found.path} is a folder on the host.`, { hint: 'End the path with a backslash to copy into it.' });
  if (found.kind === 'file' && found.size === parcel.size && found.sha256 === parcel.sha256) return { path: found.path, alreadyThere: true, resumedAt: 0 };
  if (found.kind === 'file' && parcel.overwrite === 'refuse') throw fileThere(found.path);
  const offset = await resumable(found, parcel);
  await send(shell, { parcel, found, offset });
  return { path: found.path, alreadyThere: false, resumedAt: offset };
}

async function send(shell: WinrmShell, { parcel, found, offset }: { parcel: Parcel; found: Probe; offset: number }): Promise<void> {
  const { signal, timeoutMs, sha256 } = parcel;
  await storePart(shell, { part: found.part, offset, content: counted(parcel, offset), signal, timeoutMs });
  try {
    await finishFile(shell, { part: found.part, path: found.path, sha256, overwrite: parcel.overwrite === 'replace', signal, timeoutMs });
  } catch (thrown) {
    if (reasonOf(thrown) === 'exists') throw fileThere(found.path);
    if (reasonOf(thrown) === 'damaged')
      throw new Unreachable('winrm.damaged', `What arrived as ${found.path} has another SHA-256 than what was sent; it was removed.`, {
        hint: 'It is sent again.',
        cause: thrown,
      });
    throw thrown;
  }
}

async function* counted({ source, onBytes }: Parcel, offset: number): AsyncGenerator<Uint8Array> {
  let bytes = offset;
  for await (const chunk of createReadStream(source, { start: offset, highWaterMark: 262_144 })) {
    yield chunk as Buffer;
    bytes += (chunk as Buffer).length;
    onBytes(bytes);
  }
}

/** Parts of another content have another name. */
function keyOf({ key, sha256 }: Parcel): string {
  return createHash('sha256').update(`${key}\0${sha256}`).digest('hex').slice(0, 16);
}

/** How much of the part there is the beginning of the file here. */
async function resumable({ partSize, partSha256 }: Probe, { source, size }: Parcel): Promise<number> {
  if (partSize === 0 || partSize > size) return 0;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(source, { end: partSize - 1 })) hash.update(chunk as Buffer);
  return hash.digest('hex') === partSha256 ? partSize : 0;
}

function fileThere(path: string): Conflict {
  return new Conflict('winrm.exists', `${path} is there already with another content.`, { hint: 'Let it be replaced (overwrite), or choose another name.' });
}
