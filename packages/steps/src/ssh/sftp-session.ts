// The SFTP requests we use, as promises that name what failed and end when the connection does.
import { TimedOut } from '@tidewheel/contract/errors';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { getRest, putRest } from './sftp-ranges.ts';
import { readContent, writeContent } from './sftp-streams.ts';
import { type ConnectOptions, connectSsh, type SshConnection } from './ssh-client.ts';
import { channelFailure, hasStatus, requestFailure } from './ssh-errors.ts';

const stallMs = 60_000;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/** Sends one request. A broken connection wins over callbacks that never come. */
export class SftpSession {
  readonly ssh: SshConnection;
  readonly #sftp: SFTPWrapper;
  constructor(ssh: SshConnection, sftp: SFTPWrapper) {
    this.ssh = ssh;
    this.#sftp = sftp;
  }

  /** A connection of its own, closed with the session. */
  static async open(options: ConnectOptions): Promise<SftpSession> {
    const ssh = await connectSsh(options);
    try {
      return await SftpSession.on(ssh);
    } catch (thrown) {
      ssh.close();
      throw thrown;
    }
  }

  /** On a connection that others use too: end it by `end`. */
  static async on(ssh: SshConnection): Promise<SftpSession> {
    try {
      const sftp = await ssh.guard(new Promise<SFTPWrapper>((resolve, reject) => ssh.client.sftp((error, value) => (error ? reject(error) : resolve(value)))));
      return new SftpSession(ssh, sftp);
    } catch (thrown) {
      throw channelFailure(thrown, { place: ssh.place, asked: 'start SFTP' });
    }
  }

  async #ask<T>(doing: string, send: (callback: Callback<T>) => void): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => send((error, value) => (error ? reject(error) : resolve(value))));
    try {
      return await this.ssh.guard(answer);
    } catch (thrown) {
      throw requestFailure(thrown, { place: this.ssh.place, doing });
    }
  }

  async #tell(doing: string, send: (callback: (error?: Error | null) => void) => void): Promise<void> {
    await this.#ask<void>(doing, (callback) => send((error) => callback(error, undefined)));
  }

  /** undefined when there is nothing at that path. */
  async stat(path: string): Promise<Stats | undefined> {
    try {
      return await this.#ask<Stats>(`look at ${path}`, (callback) => this.#sftp.stat(path, callback));
    } catch (thrown) {
      if (hasStatus((thrown as Error).cause, 'missing')) return undefined;
      throw thrown;
    }
  }
  realPath(path: string): Promise<string> {
    return this.#ask<string>(`look at ${path}`, (callback) => this.#sftp.realpath(path, callback));
  }
  list(path: string): Promise<FileEntryWithStats[]> {
    return this.#ask<FileEntryWithStats[]>(`list ${path}`, (callback) => this.#sftp.readdir(path, callback));
  }
  makeFolder(path: string): Promise<void> {
    return this.#tell(`make the folder ${path}`, (callback) => this.#sftp.mkdir(path, callback));
  }
  remove(path: string): Promise<void> {
    return this.#tell(`remove ${path}`, (callback) => this.#sftp.unlink(path, callback));
  }
  /** `from`: bytes of it that are there already. */
  put(local: string, remote: string, onBytes: (total: number) => void, rest?: { from: number; size: number }): Promise<void> {
    return this.#transfer(`write ${remote}`, onBytes, (step, callback) => {
      if (rest) putRest({ sftp: this.#sftp, guard: this.ssh.guard, local, remote, ...rest, onBytes: step }).then(() => callback(), callback);
      else this.#sftp.fastPut(local, remote, { step }, callback);
    });
  }
  /** In order, so that what is here is the beginning when it breaks; `from`: bytes that are here already. */
  getRest(remote: string, local: string, { onBytes, ...rest }: { from: number; size: number; onBytes(total: number): void }): Promise<void> {
    return this.#transfer(`read ${remote}`, onBytes, (step, callback) => {
      getRest({ sftp: this.#sftp, guard: this.ssh.guard, local, remote, ...rest, onBytes: step }).then(() => callback(), callback);
    });
  }
  setMode(path: string, mode: number): Promise<void> {
    return this.#tell(`set the mode of ${path}`, (callback) => this.#sftp.chmod(path, mode, callback));
  }
  get(remote: string, local: string, onBytes: (total: number) => void): Promise<void> {
    return this.#transfer(`read ${remote}`, onBytes, (step, callback) => this.#sftp.fastGet(remote, local, { step }, callback));
  }

  // Keep-alives notice a dead peer, not one that takes no more bytes.
  async #transfer(
    doing: string,
    onBytes: (total: number) => void,
    send: (step: (total: number) => void, callback: (error?: Error | null) => void) => void,
  ): Promise<void> {
    const stalled = Promise.withResolvers<never>();
    stalled.promise.catch(() => {});
    const timer = setTimeout(() => {
      stalled.reject(
        new TimedOut('sftp.stalled', `${this.ssh.place} took too long to ${doing}: nothing moved for ${stallMs / 1000} s.`, {
          hint: 'The step is tried again by itself.',
        }),
      );
      this.ssh.destroy();
    }, stallMs);
    const step = (total: number) => {
      timer.refresh();
      onBytes(total);
    };
    try {
      await Promise.race([this.#tell(doing, (callback) => send(step, callback)), stalled.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The content from `start` on, in order. */
  async *read(path: string, start: number): AsyncGenerator<Uint8Array> {
    try {
      yield* readContent(this.#sftp, path, start);
    } catch (thrown) {
      throw requestFailure(thrown, { place: this.ssh.place, doing: `read ${path}` });
    }
  }
  /** `start`: bytes that are there already; 0 makes the file anew. */
  async write(path: string, content: AsyncIterable<Uint8Array>, start: number): Promise<void> {
    try {
      await this.ssh.guard(writeContent(this.#sftp, path, { content, start }));
    } catch (thrown) {
      throw requestFailure(thrown, { place: this.ssh.place, doing: `write ${path}` });
    }
  }

  /** Puts the new file in the place of the old one in one step where the server can (posix-rename), else removes the old one first. @returns which way it went */
  async replace(from: string, to: string): Promise<'posix-rename' | 'remove and rename' | 'rename'> {
    if (this.#knows('posix-rename@openssh.com')) {
      await this.#tell(`rename ${from} to ${to}`, (callback) => this.#sftp.ext_openssh_rename(from, to, callback));
      return 'posix-rename';
    }
    const existed = (await this.stat(to)) !== undefined;
    if (existed) await this.remove(to);
    await this.#tell(`rename ${from} to ${to}`, (callback) => this.#sftp.rename(from, to, callback));
    return existed ? 'remove and rename' : 'rename';
  }

  /** Renames only where nothing has the new name (what SFTP version 3 promises and OpenSSH keeps). */
  renameNew(from: string, to: string): Promise<void> {
    return this.#tell(`rename ${from} to ${to}`, (callback) => this.#sftp.rename(from, to, callback));
  }

  /** Asks the server to put a written file on its disk, where it can. */
  async sync(path: string): Promise<void> {
    if (!this.#knows('fsync@openssh.com')) return;
    const handle = await this.#ask<Buffer>(`open ${path}`, (callback) => this.#sftp.open(path, 'r+', callback));
    try {
      await this.#tell(`sync ${path}`, (callback) => this.#sftp.ext_openssh_fsync(handle, callback));
    } finally {
      await this.#tell(`close ${path}`, (callback) => this.#sftp.close(handle, callback));
    }
  }

  /** Free bytes of the file system that holds `path`; undefined where the server cannot tell. */
  async freeBytes(path: string): Promise<number | undefined> {
    if (!this.#knows('statvfs@openssh.com')) return undefined;
    const found = await this.#ask<{ f_bavail: number; f_frsize: number } | undefined>(`look at ${path}`, (callback) =>
      this.#sftp.ext_openssh_statvfs(path, callback as unknown as Parameters<SFTPWrapper['ext_openssh_statvfs']>[1]),
    );
    return found && Number(found.f_bavail) * Number(found.f_frsize);
  }

  /** Standard output of a command; undefined when the server does not let it run or it fails. */
  run(command: string, limitBytes: number): Promise<string | undefined> {
    const { client } = this.ssh;
    const answer = new Promise<string | undefined>((resolve) => {
      client.exec(command, (error, channel) => {
        if (error) return resolve(undefined);
        let out = '';
        channel.on('data', (chunk: Buffer) => {
          if (out.length < limitBytes) out += chunk.toString('latin1');
        });
        channel.stderr.resume();
        channel.on('close', (code: number | null) => resolve(code === 0 ? out : undefined));
        // Without it a forced `internal-sftp` waits for our requests for ever.
        channel.end();
      });
    });
    return this.ssh.guard(answer);
  }

  close(): void {
    this.ssh.close();
  }
  /** Closes its channel and leaves the connection open. */
  end(): void {
    this.#sftp.end();
  }

  // ssh2 keeps the extensions of the server here and throws when one that is missing is asked for; there is no public question.
  #knows(extension: string): boolean {
    const { _extensions } = this.#sftp as unknown as { _extensions?: Record<string, string> };
    return _extensions?.[extension] !== undefined;
  }
}
