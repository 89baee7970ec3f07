// One file from a host: its Base64 lines into a file here, as they come, its SHA-256 compared at the end.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { NotFound, Unreachable } from '@tidewheel/contract/errors';
import { fetchFile, type Limits } from './copy-scripts.ts';
import { reasonOf } from './host-script.ts';
import type { WinrmShell } from './winrm-shell.ts';

export interface Fetching extends Limits {
  /** On the host. */
  path: string;
  /** Here. */
  destination: string;
  onBytes(bytes: number, total: number): void;
}

export interface Fetched {
  size: number;
  sha256: string;
}

/** @throws NotFound `winrm.no_file`, Unreachable `winrm.damaged` */
export async function copyFromHost(shell: WinrmShell, { path, destination, onBytes, ...limits }: Fetching): Promise<Fetched> {
  await using file = await open(destination, 'w', 0o600);
  const hash = createHash('sha256');
  const told = { size: -1, sha256: '' };
  let size = 0;
  const onLine = async (line: string) => {
    if (line.startsWith('size ')) told.size = Number(line.slice(5));
    else if (line.startsWith('sha256 ')) told.sha256 = line.slice(7);
    else if (line !== '') {
      const bytes = Buffer.from(line, 'base64');
      hash.update(bytes);
      await file.write(bytes);
      size += bytes.length;
      onBytes(size, told.size);
    }
  };
  await fetchFile(shell, { path, onLine, ...limits }).catch((thrown: unknown) => {
    if (reasonOf(thrown) === 'missing') throw new NotFound('winrm.no_file', `There is no file ${path} on the host.`, { cause: thrown });
    throw thrown;
  });
  const sha256 = hash.digest('hex');
  if (size === told.size && sha256 === told.sha256) return { size, sha256 };
  throw new Unreachable('winrm.damaged', `What arrived of ${path} has another size or SHA-256 than it has on the host.`, {
    hint: 'It is fetched again. If it stays so, something writes into the file or into every PowerShell session there.',
  });
}
