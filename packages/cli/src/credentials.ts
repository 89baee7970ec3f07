// Where the command line keeps who it is: one file of mode 0600 under ~/.config, a token or a session for each server.
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { hasCode } from './file-error.ts';
import { withFileLock } from './file-lock.ts';

/** An API token, or the tokens of a session that are exchanged for the next ones; and the workspace that commands are for unless told. */
export type Kept = ({ token: string } | { session: TokenPair }) & { workspace?: string };

export interface Credentials {
  /** The server that commands go to unless told otherwise. */
  current: string | null;
  servers: Record<string, Kept>;
}

const none: Credentials = { current: null, servers: {} };

export function credentialsPath(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'tidewheel', 'credentials.json');
}

export async function readCredentials(file = credentialsPath()): Promise<Credentials> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT')) return null;
    throw new InvalidInput('credentials.unreadable', `Cannot read ${file}`, {
      hint: 'Make it yours and readable, or remove it and sign in again.',
      cause: thrown,
    });
  });
  if (text === null) return none;
  try {
    const value = JSON.parse(text) as Partial<Credentials>;
    return { current: value.current ?? null, servers: value.servers ?? {} };
  } catch (cause) {
    throw new InvalidInput('credentials.damaged', `${file} is not JSON`, { hint: 'Remove it and sign in again with `tidewheel login`.', cause });
  }
}

/** Written beside and renamed, so that an interrupted write never loses the other servers. */
async function writeCredentials(credentials: Credentials, file = credentialsPath()): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}

/** Of several processes one at a time reads, changes and writes. Null leaves the file as it is. */
export async function changeCredentials(change: (credentials: Credentials) => Promise<Credentials | null>): Promise<void> {
  const file = credentialsPath();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await withFileLock(`${file}.lock`, async () => {
    const changed = await change(await readCredentials(file));
    if (changed) await writeCredentials(changed, file);
  });
}

export function rememberServer(origin: string, kept: Kept): Promise<void> {
  return changeCredentials(async ({ servers }) => ({ current: origin, servers: { ...servers, [origin]: kept } }));
}

export function forgetServer(origin: string): Promise<void> {
  return changeCredentials(async ({ current, servers }) => {
    const { [origin]: _gone, ...left } = servers;
    return { current: current === origin ? (Object.keys(left)[0] ?? null) : current, servers: left };
  });
}
