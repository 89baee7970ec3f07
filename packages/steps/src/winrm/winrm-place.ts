// The files of a Windows host over WinRM, for transfers. They travel in pieces, each in a shell of its own: nobody holds one of the few shells of a host while waiting for the far end.
import { createHash } from 'node:crypto';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import type { FilePlace, FileWriting } from '../files/file-place.ts';
import { fitsListing, tooManyFiles } from '../files/listing.ts';
import { storePart } from './copy-scripts.ts';
import { digestOf, listFiles, look, moveFile, readRange, removeFile } from './place-scripts.ts';
import { withShell } from './winrm-session.ts';
import type { WinrmTarget } from './winrm-settings.ts';
import type { WinrmShell } from './winrm-shell.ts';

/** In memory at a time, once on the way in and once on the way out. */
const pieceBytes = 4 * 1024 ** 2;
const timeoutMs = 3_600_000;

export class WinrmPlace implements FilePlace {
  readonly address: string;
  readonly showsParts = true;
  readonly hasBackslashes = true;
  readonly #target: WinrmTarget;
  readonly #signal: AbortSignal;

  constructor(address: string, { target, signal }: { target: WinrmTarget; signal: AbortSignal }) {
    this.address = address;
    this.#target = target;
    this.#signal = signal;
  }

  async list(listing: FileListing): Promise<ListedFile[]> {
    const folder = hostPath(listing.path);
    const files: ListedFile[] = [];
    const onEntry = ({ name, size, modified }: { name: string; size: number; modified: number }) => {
      if (!fitsListing(name, listing)) return;
      if (files.length >= listing.limit) throw tooManyFiles(listing);
      files.push({ path: folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`, size, modifiedAt: new Date(modified) });
    };
    await this.#use((shell) => listFiles(shell, { path: folder || '.', deep: listing.deep ?? false, onEntry, ...this.#limits }));
    return files.sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  async stat(path: string): Promise<ListedFile | undefined> {
    const found = await this.#look(path);
    if (found.kind === 'none') return undefined;
    return { path: hostPath(path), size: found.size, modifiedAt: new Date(found.modified) };
  }

  async *read(path: string, { start = 0 }: { start?: number } = {}): AsyncIterable<Uint8Array> {
    const before = await this.#look(path);
    for (let offset = start; ; offset += pieceBytes) {
      const piece = await this.#piece(hostPath(path), offset);
      if (piece.length > 0) yield piece;
      if (piece.length < pieceBytes) break;
    }
    const after = await this.#look(path);
    if (after.modified !== before.modified || after.size !== before.size)
      throw new Unreachable('winrm.changed', `${path} on ${this.#target.name} was written to while it was read.`, {
        hint: 'The step is tried again by itself.',
      });
  }

  async write(path: string, content: AsyncIterable<Uint8Array>, { start }: FileWriting): Promise<{ verifiedBy?: string }> {
    const { path: part } = await this.#look(path);
    let offset = start;
    const store = async (bytes: Uint8Array) => {
      await this.#use((shell) => storePart(shell, { part, offset, content: once(bytes), ...this.#limits }));
      offset += bytes.length;
    };
    let isMade = false;
    for await (const piece of inPieces(content)) {
      await store(piece);
      isMade = true;
    }
    if (!isMade && start === 0) await store(new Uint8Array(0));
    return {};
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#use((shell) => moveFile(shell, { from: hostPath(from), to: hostPath(to), ...this.#limits }));
  }

  async remove(path: string): Promise<void> {
    await this.#use((shell) => removeFile(shell, hostPath(path), this.#limits));
  }

  sha256(path: string): Promise<string> {
    return this.#use((shell) => digestOf(shell, hostPath(path), this.#limits));
  }

  get #limits() {
    return { signal: this.#signal, timeoutMs };
  }

  #use<T>(work: (shell: WinrmShell) => Promise<T>): Promise<T> {
    return withShell({ target: this.#target, signal: this.#signal }, work);
  }

  async #look(path: string) {
    const found = await this.#use((shell) => look(shell, hostPath(path), this.#limits));
    if (found.kind !== 'folder') return found;
    throw new InvalidInput('file.kind', `${path} on ${this.#target.name} is a folder.`, { hint: 'Name a file, or give a pattern for the files in it.' });
  }

  async #piece(path: string, offset: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let told = '';
    const onLine = (line: string) => {
      if (line.startsWith('sha256 ')) told = line.slice(7);
      else if (line !== '') chunks.push(Buffer.from(line, 'base64'));
    };
    await this.#use((shell) => readRange(shell, { path, offset, count: pieceBytes, onLine, ...this.#limits }));
    const piece = Buffer.concat(chunks);
    if (createHash('sha256').update(piece).digest('hex') === told) return piece;
    throw new Unreachable('winrm.damaged', `What arrived of ${path} has another SHA-256 than it has on ${this.#target.name}.`, {
      hint: 'The step is tried again by itself. If it stays so, something writes into every PowerShell session there.',
    });
  }
}

/** With forward slashes, which Windows takes. @throws InvalidInput for a path that climbs */
function hostPath(path: string): string {
  const plain = path.replaceAll('\\', '/');
  if (!plain.split('/').includes('..') && !/\p{Cc}/u.test(plain) && plain.isWellFormed()) return plain;
  throw new InvalidInput('file.path', `The path ${JSON.stringify(path)} holds ".." or a control character.`, {
    hint: 'Give the path itself, such as C:\\in\\2026.',
  });
}

async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    held.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
