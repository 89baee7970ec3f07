// SFTP sessions on the connections of the pool.
import { SftpSession } from './sftp-session.ts';
import { withConnection } from './ssh-pool.ts';
import type { SshRoute } from './ssh-route.ts';
import type { SshSecret, SshTarget } from './ssh-target.ts';

export interface SftpBorrow {
  workspaceId: string;
  slug: string;
  target: SshTarget;
  secret: SshSecret | null;
  signal: AbortSignal;
}

/** Runs `work` with a session of its own on a connection. After an error or a cancel that connection takes nothing new. */
export function withSftp<T>({ workspaceId, slug, target, secret, signal }: SftpBorrow, work: (session: SftpSession) => Promise<T>): Promise<T> {
  const route: SshRoute = { name: slug, target, signIn: secret ?? {}, acceptsNewHostKey: false, via: null, pty: false, sudoPassword: undefined };
  return withSftpTo({ workspaceId, route, signal }, work);
}

/** The same to a host, through its jump hosts. */
export function withSftpTo<T>(borrow: { workspaceId: string; route: SshRoute; signal: AbortSignal }, work: (session: SftpSession) => Promise<T>): Promise<T> {
  const { signal } = borrow;
  return withConnection(borrow, async (ssh, retire) => {
    const session = await SftpSession.on(ssh);
    signal.addEventListener('abort', retire, { once: true });
    try {
      signal.throwIfAborted();
      return await work(session);
    } catch (thrown) {
      retire();
      signal.throwIfAborted();
      throw thrown;
    } finally {
      signal.removeEventListener('abort', retire);
      session.end();
    }
  });
}
