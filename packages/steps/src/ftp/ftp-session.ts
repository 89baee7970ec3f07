// One session with an FTP server. Passive only, and data goes to the host of the session alone, whatever the server says: it could else send us anywhere.
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { Client, type FileInfo } from 'basic-ftp';
import type { PooledSession } from '../connectors/session-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { connectFailure, isMissing, requestFailure } from './ftp-errors.ts';
import type { FtpConfig } from './ftp-settings.ts';

const stallMs = 60_000;

export class FtpSession implements PooledSession {
  readonly place: string;
  /** As the server greets. */
  readonly greeting: string;
  readonly #client: Client;

  private constructor(client: Client, { place, greeting }: { place: string; greeting: string }) {
    this.#client = client;
    this.place = place;
    this.greeting = greeting;
  }

  /** @throws InvalidInput for TLS and a refused sign-in, NotAllowed, Unreachable, TimedOut */
  static async open(config: FtpConfig, password: string, signal: AbortSignal): Promise<FtpSession> {
    const place = placeOf(config);
    const pinned = await resolveAllowed({ host: config.host, port: config.port, class: 'host' }, { signal });
    const client = new Client(config.timeoutSeconds * 1000);
    const leave = () => client.close();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const welcome = await client.access({
        host: pinned.address,
        port: config.port,
        user: config.user,
        password,
        secure: config.tls === 'implicit' ? 'implicit' : config.tls === 'explicit',
        secureOptions: {
          host: config.host,
          ...(pinned.servername ? { servername: pinned.servername } : {}),
          minVersion: 'TLSv1.2',
          rejectUnauthorized: config.verify,
          ...(config.ca === undefined ? {} : { ca: config.ca }),
        },
      });
      // From here on transfers have the time that they need, as long as something moves.
      (client.ftp as { timeout: number }).timeout = stallMs;
      return new FtpSession(client, { place, greeting: welcome.message.split('\n')[0]?.slice(0, 200) ?? '' });
    } catch (thrown) {
      client.close();
      signal.throwIfAborted();
      throw connectFailure(thrown, { place, user: config.user });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  isOpen(): boolean {
    return !this.#client.closed;
  }
  async reset(): Promise<boolean> {
    return this.isOpen();
  }
  async stop(): Promise<void> {
    this.close();
  }
  close(): void {
    this.#client.close();
  }
  hold(isHeld: boolean): void {
    if (isHeld) this.#client.ftp.socket.ref();
    else this.#client.ftp.socket.unref();
  }

  pwd(): Promise<string> {
    return this.#ask('say where it is', () => this.#client.pwd());
  }
  list(folder: string): Promise<FileInfo[]> {
    return this.#ask(`list ${folder || '.'}`, () => this.#client.list(folder.startsWith('-') ? `./${folder}` : folder));
  }
  /** undefined when there is no such file. */
  async size(path: string): Promise<number | undefined> {
    try {
      return await this.#client.size(path);
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw requestFailure(thrown, { place: this.place, doing: `look at ${path}` });
    }
  }
  /** Not every server can say it; then the beginning of time. */
  modifiedAt(path: string): Promise<Date> {
    return this.#client.lastMod(path).catch((thrown: unknown) => {
      if (this.isOpen()) return new Date(0);
      throw requestFailure(thrown, { place: this.place, doing: `look at ${path}` });
    });
  }
  async download(path: string, into: Writable, start: number): Promise<void> {
    await this.#ask(`read ${path}`, () => this.#client.downloadTo(into, path, start));
  }
  async upload(path: string, content: AsyncIterable<Uint8Array>, { append }: { append: boolean }): Promise<void> {
    const from = Readable.from(this.#sent(content), { objectMode: false, highWaterMark: 256 * 1024 });
    await this.#ask(`write ${path}`, () => (append ? this.#client.appendFrom(from, path) : this.#client.uploadFrom(from, path)));
  }

  // An empty file would end the connection for data before its handshake is through, and servers take that for a broken one.
  async *#sent(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isEmpty = true;
    for await (const chunk of content) {
      isEmpty &&= chunk.byteLength === 0;
      if (chunk.byteLength > 0) yield chunk;
    }
    const socket = this.#client.ftp.dataSocket;
    if (isEmpty && socket instanceof TLSSocket && (socket as { secureConnecting?: boolean }).secureConnecting) await once(socket, 'secureConnect');
  }

  async makeFolders(folder: string): Promise<void> {
    const parts = folder.split('/').filter(Boolean);
    const before = folder.startsWith('/') ? '/' : '';
    // One that is there already is answered with a refusal, as is one that may not be made: writing into it tells.
    for (const index of parts.keys())
      await this.#ask(`make the folder ${folder}`, () => this.#client.sendIgnoringError(`MKD ${before}${parts.slice(0, index + 1).join('/')}`));
  }
  /** Some servers do not rename onto a file that is there. */
  async replace(from: string, to: string): Promise<void> {
    try {
      await this.#client.rename(from, to);
    } catch (thrown) {
      if (!isMissing(thrown) || (await this.size(to)) === undefined) throw requestFailure(thrown, { place: this.place, doing: `rename ${from} to ${to}` });
      await this.remove(to);
      await this.#ask(`rename ${from} to ${to}`, () => this.#client.rename(from, to));
    }
  }
  async remove(path: string): Promise<void> {
    await this.#ask(`remove ${path}`, () => this.#client.remove(path));
  }

  async #ask<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw requestFailure(thrown, { place: this.place, doing });
    }
  }
}
