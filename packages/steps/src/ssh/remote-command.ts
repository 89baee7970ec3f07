// One command on one channel: what the host says of it, what sudo asks, its output, its end.
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { type AppError, InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { ClientChannel } from 'ssh2';
import { MarkerScanner } from './remote-markers.ts';
import { commandLine, preamble, type RemoteCommand } from './remote-shell.ts';
import type { SshConnection } from './ssh-client.ts';
import { channelFailure, connectFailure } from './ssh-errors.ts';

/** Takes a part of the output; while its promise is open, the host is not read from. */
export type TakeOutput = (bytes: Buffer) => Promise<void> | void;

/** Bytes for the command, or a stream of them that is read as the host takes it. */
export type RemoteInput = Buffer | AsyncIterable<Buffer>;

export interface RemoteOptions {
  ssh: SshConnection;
  command: RemoteCommand;
  /** Given to the command; nothing when left out. */
  input?: RemoteInput | undefined;
  onStdout: TakeOutput;
  onStderr: TakeOutput;
}

export interface RemoteEnd {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
}

/** How much is kept of what a host writes before the command begins: greetings of its profile, what sudo complains of. */
const noiseLimit = 4_000;
/** A host that was told that there is no password may take its time to end. */
const refusalMs = 3_000;

/** Connections whose account has sh for its shell: the first command tells. */
const withSh = new WeakSet<SshConnection>();

export class RemoteRun {
  readonly #options: RemoteOptions;
  readonly #channel: ClientChannel;
  readonly #nonce: string;
  readonly #scanner: MarkerScanner;
  readonly #told = Promise.withResolvers<number>();
  readonly #failed = Promise.withResolvers<never>();
  /** Everything ends when one of these does. */
  readonly ended: Promise<RemoteEnd>;
  /** The process to end when it has to stop. */
  pid: number | undefined;
  /** Whether the host said that the command began. */
  isBegun = false;
  /** Before it was sent nothing happened on the host; from then on it may have, said or not. */
  isSent = false;
  #stopped: AbortController | undefined;
  #asked = 0;
  #noise = '';

  private constructor(options: RemoteOptions, channel: ClientChannel, nonce: string) {
    this.#options = options;
    this.#channel = channel;
    this.#nonce = nonce;
    this.#scanner = new MarkerScanner(nonce);
    this.#told.promise.catch(() => {});
    this.#failed.promise.catch(() => {});
    this.ended = options.ssh.guard(Promise.race([this.#follow(), this.#failed.promise]));
    this.ended.catch(() => {});
    // Nothing asks before it: what comes next need not wait for the answer of the host.
    if (!options.command.sudo && !options.command.pty) options.ssh.together(() => this.#sendAll());
  }

  /** @throws ChannelRefused, NotAllowed `ssh.exec_refused`, Unreachable */
  static async start(options: RemoteOptions): Promise<RemoteRun> {
    const { ssh, command } = options;
    const nonce = `tw${randomBytes(12).toString('hex')}`;
    const opened = Promise.withResolvers<ClientChannel>();
    ssh.client.exec(
      commandLine(command, { nonce, isSh: withSh.has(ssh) }),
      command.pty ? { pty: { term: 'dumb', cols: 200, rows: 50 } } : {},
      (error, channel) => (error ? opened.reject(error) : opened.resolve(channel)),
    );
    try {
      return new RemoteRun(options, await ssh.guard(opened.promise), nonce);
    } catch (thrown) {
      throw channelFailure(thrown, { place: ssh.place, asked: 'run a command' });
    }
  }

  /** The id of its process, as soon as it is known. */
  whenTold(): Promise<number> {
    return this.#told.promise;
  }

  close(): void {
    this.#stopped?.abort();
    this.#channel.close();
  }

  #sendAll(): void {
    const { command, input } = this.#options;
    this.isSent = true;
    this.#channel.write(preamble(command, this.#nonce));
    if (command.pty) {
      if (Buffer.isBuffer(input)) this.#channel.write(input);
      this.#channel.write(Buffer.isBuffer(input) && input.at(-1) !== 0x0a ? '\n\x04' : '\x04');
    } else if (input === undefined || Buffer.isBuffer(input)) this.#channel.end(input);
    // It may end before it has read everything: how it ended says whether that was right.
    else {
      this.#stopped = new AbortController();
      pipeline(input, this.#channel, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  async #follow(): Promise<RemoteEnd> {
    const { onStdout, command } = this.#options;
    const end: RemoteEnd = { exitCode: null, signal: null };
    this.#channel.on('exit', (code: number | null, signal?: string) => Object.assign(end, { exitCode: code, signal: signal ?? null }));
    const closed = new Promise<void>((resolve) => this.#channel.once('close', () => resolve()));
    // With a terminal there is one stream, which carries what the host says to us too.
    const scanned = (bytes: Buffer, take: TakeOutput) => this.#scan(bytes, take);
    await Promise.all([
      this.#drain(this.#channel, command.pty ? (bytes) => scanned(bytes, onStdout) : onStdout),
      this.#drain(this.#channel.stderr, (bytes) => scanned(bytes, this.#options.onStderr)),
      closed,
    ]);
    if (!this.isBegun) throw this.#notBegun(end);
    if (end.exitCode === null && end.signal === null)
      throw connectFailure(new Error('the command was given up there without a word of how it ended'), this.#options.ssh.place);
    return end;
  }

  #drain(stream: NodeJS.ReadableStream, take: TakeOutput): Promise<void> {
    return new Promise((resolve, reject) => {
      stream.on('data', (bytes: Buffer) => {
        const taking = take(bytes);
        if (!taking) return;
        stream.pause();
        taking.then(() => stream.resume(), reject);
      });
      stream.once('end', resolve);
      stream.once('error', reject);
    });
  }

  #scan(bytes: Buffer, take: TakeOutput): Promise<void> | void {
    let output: Buffer | undefined;
    for (const part of this.#scanner.take(bytes)) {
      if (typeof part === 'string') this.#hear(part);
      else if (this.isBegun) output = part;
      else if (this.#noise.length < noiseLimit) this.#noise += part.toString('utf8');
    }
    // All of it is one part: after `go` nothing else is looked for.
    return output && take(output);
  }

  #hear(word: string): void {
    const [name, value, shell] = word.split(' ');
    if (name === 'pid') {
      if (shell === '/bin/sh' && !this.#options.command.sudo) withSh.add(this.#options.ssh);
      this.pid = Number(value);
      this.#told.resolve(this.pid);
      const { command } = this.#options;
      if (command.sudo || command.pty) this.#sendAll();
    } else if (name === 'go') this.isBegun = true;
    else if (name === 'ask') this.#answerSudo();
    else if (name === 'folder') this.#failed.reject(noFolder(this.#options));
  }

  #answerSudo(): void {
    const { ssh, command } = this.#options;
    const password = command.sudo?.password;
    this.#asked++;
    if (password !== undefined && this.#asked === 1) {
      this.#channel.write(`${password}\n`);
      return;
    }
    this.#channel.end();
    setTimeout(() => this.close(), refusalMs).unref();
    this.#failed.reject(
      password === undefined
        ? new InvalidInput('ssh.sudo_asks', `sudo on ${ssh.place} asks for a password, and there is none to give.`, {
            hint: 'Give the credential of the target a password, or let the user do it without one (NOPASSWD in sudoers).',
          })
        : new InvalidInput('ssh.sudo_password', `sudo on ${ssh.place} does not take the password of the credential.`, {
            hint: 'Check the password. It is not tried again by itself: too many wrong attempts lock an account.',
          }),
    );
  }

  #notBegun(end: RemoteEnd): AppError {
    const { ssh, command } = this.#options;
    const said = this.#noise.trim().replaceAll(/\s+/g, ' ').slice(-500);
    const how = end.exitCode === null ? '' : ` It ended with ${end.exitCode}.`;
    if (command.sudo)
      return new NotAllowed('ssh.sudo_refused', `sudo on ${ssh.place} refuses to run a shell as ${command.sudo.user}${said ? `: ${said}` : '.'}${how}`, {
        hint: 'sudoers has to allow the user to run sh as that user.',
      });
    return new NotAllowed('ssh.exec_refused', `The command did not begin on ${ssh.place}${said ? `: ${said}` : '.'}${how}`, {
      hint: 'The account or its key may be restricted on the host (ForceCommand, no shell), or its shell is none that knows sh.',
    });
  }
}

function noFolder({ ssh, command }: RemoteOptions): InvalidInput {
  return new InvalidInput('ssh.folder', `${ssh.place} has no folder ${command.folder} that can be gone to.`, {
    hint: 'Check the working folder and the rights on it.',
  });
}
