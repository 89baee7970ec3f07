// Signing in costs several round trips: a connection stays open for a while after its use and serves the next step of the same workspace and connection.
import { createHash, randomBytes } from 'node:crypto';
import { SftpSession } from './sftp-session.ts';
import type { SshSecret, SshTarget } from './ssh-target.ts';

const idleMs = 20_000;
const idlePerKey = 4;
/** Pool keys cover the secret, so that a changed one never rides on an old sign-in; keyed so that they give nothing away. */
const keySalt = randomBytes(32);

interface Idle {
  session: SftpSession;
  timer: NodeJS.Timeout;
}
const idle = new Map<string, Idle[]>();

export interface SftpBorrow {
  workspaceId: string;
  slug: string;
  target: SshTarget;
  secret: SshSecret | null;
  signal: AbortSignal;
}

/** Runs `work` with a session of its own. After an error or a cancel the session is closed, never reused. */
export async function withSftp<T>(borrow: SftpBorrow, work: (session: SftpSession) => Promise<T>): Promise<T> {
  const key = keyOf(borrow);
  const session = takeIdle(key) ?? (await SftpSession.open(borrow));
  const stop = () => session.ssh.destroy();
  borrow.signal.addEventListener('abort', stop, { once: true });
  try {
    borrow.signal.throwIfAborted();
    const result = await work(session);
    giveBack(key, session);
    return result;
  } catch (thrown) {
    session.close();
    borrow.signal.throwIfAborted();
    throw thrown;
  } finally {
    borrow.signal.removeEventListener('abort', stop);
  }
}

/** How many sessions wait for use, and closing them: for the end of a process and for tests. */
export function idleSessions(): number {
  return [...idle.values()].reduce((sum, list) => sum + list.length, 0);
}
export function closeIdleSessions(): void {
  for (const list of idle.values()) for (const entry of list) drop(entry);
  idle.clear();
}

function keyOf({ workspaceId, slug, target, secret }: SftpBorrow): string {
  return createHash('sha256')
    .update(keySalt)
    .update(JSON.stringify([workspaceId, slug, target, secret]))
    .digest('hex');
}

function takeIdle(key: string): SftpSession | undefined {
  const list = idle.get(key) ?? [];
  for (let entry = list.pop(); entry; entry = list.pop()) {
    clearTimeout(entry.timer);
    entry.session.ssh.hold(true);
    if (entry.session.ssh.isOpen()) return entry.session;
  }
  idle.delete(key);
  return undefined;
}

function giveBack(key: string, session: SftpSession): void {
  const list = idle.get(key) ?? [];
  if (!session.ssh.isOpen() || list.length >= idlePerKey) {
    session.close();
    return;
  }
  // Neither the timer nor the socket may keep the process alive.
  const entry: Idle = { session, timer: setTimeout(() => forget(key, entry), idleMs).unref() };
  session.ssh.hold(false);
  list.push(entry);
  idle.set(key, list);
}

function forget(key: string, entry: Idle): void {
  const left = (idle.get(key) ?? []).filter((other) => other !== entry);
  if (left.length > 0) idle.set(key, left);
  else idle.delete(key);
  drop(entry);
}

function drop(entry: Idle): void {
  clearTimeout(entry.timer);
  entry.session.close();
}
