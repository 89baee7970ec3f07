// A shell on a Windows host and the commands in it (MS-WSMV 3.1.4): input goes in as it comes, output comes out while the command runs.
import { TimedOut } from '@tidewheel/contract/errors';
import type { WsmanClient } from './wsman-client.ts';
import { commandIdIn, type OutputPiece, receivedIn, shellIdIn } from './wsman-replies.ts';
import { type CommandPlace, createShell, deleteShell, receiveOutput, runCommand, sendInput, signalCommand } from './wsman-requests.ts';

export interface OpenShell {
  client: WsmanClient;
  codePage: number;
  workingFolder?: string | undefined;
  environment?: Record<string, string>;
  signal: AbortSignal;
}

export interface ShellCommand {
  line: string;
  /** Sent to standard input, which ends after it. Without it the program has a console there. */
  input?: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined;
  /** Awaited, so that who reads slowly slows the host down. */
  onOutput(piece: OutputPiece): void | Promise<void>;
  signal: AbortSignal;
  /** The whole command; null: as long as it takes. */
  timeoutMs: number | null;
}

/** How long tidying up on the host may take when nobody waits for it any more. */
const tidyMs = 15_000;
/** How long a program has after Ctrl+C before it is ended. */
const graceSeconds = 3;

export class WinrmShell implements AsyncDisposable {
  readonly #client: WsmanClient;
  readonly #shellId: string;

  private constructor(client: WsmanClient, shellId: string) {
    this.#client = client;
    this.#shellId = shellId;
  }

  static async open({ client, codePage, workingFolder, environment = {}, signal }: OpenShell): Promise<WinrmShell> {
    const idleSeconds = Math.max(180, client.frame.operationSeconds * 6);
    const message = createShell(client.frame, { codePage, workingFolder, environment, idleSeconds });
    return new WinrmShell(client, shellIdIn(await client.ask(message, signal)));
  }

  /** @returns the exit code. On cancel and timeout the command is ended on the host before this throws. @throws the signal's reason, TimedOut, AppError `winrm.*` */
  async run({ line, input, onOutput, signal, timeoutMs }: ShellCommand): Promise<number> {
    const started = await this.#client.ask(runCommand(this.#client.frame, this.#shellId, { line, hasInput: input !== undefined }), signal);
    const place = { shellId: this.#shellId, commandId: commandIdIn(started) };
    const deadline = timeoutMs === null ? undefined : AbortSignal.timeout(timeoutMs);
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal, ...(deadline ? [deadline] : [])]);
    try {
      const fed = input === undefined ? Promise.resolve() : this.#feed(place, input, either);
      const feeding = fed.catch((thrown: unknown) => {
        // A program may end without reading all of its input: then its exit code is what counts.
        if (!ended.signal.aborted) return { thrown };
        return undefined;
      });
      const exitCode = await Promise.race([this.#receive(place, onOutput, either), failureOf(feeding)]);
      ended.abort();
      await feeding;
      await this.#signal(place, 'terminate', signal).catch(() => undefined);
      return exitCode;
    } catch (thrown) {
      ended.abort();
      await this.#stop(place, onOutput);
      signal.throwIfAborted();
      if (deadline?.aborted) throw commandTimedOut(this.#client.place, timeoutMs ?? 0);
      throw thrown;
    }
  }

  /** Ends the shell and whatever still runs in it. Never throws: the host ends an idle shell by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.ask(deleteShell(this.#client.frame, this.#shellId), AbortSignal.timeout(tidyMs)).catch(() => undefined);
  }

  async #feed(place: CommandPlace, input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const send = (bytes: Uint8Array, isLast: boolean) => this.#client.ask(sendInput(this.#client.frame, place, { bytes, isLast }), signal);
    for await (const bytes of input) {
      for (let at = 0; at < bytes.length; at += this.inputBytes) await send(bytes.subarray(at, at + this.inputBytes), false);
    }
    await send(new Uint8Array(0), true);
  }

  /** How much input fits into one message: it travels as Base64, between some kilobytes of SOAP, perhaps sealed. */
  get inputBytes(): number {
    return Math.floor((this.#client.frame.maxEnvelopeBytes - 8_192) / 4) * 3;
  }

  async #receive(place: CommandPlace, onOutput: ShellCommand['onOutput'], signal: AbortSignal): Promise<number> {
    for (;;) {
      const body = await this.#client.askOrWait(receiveOutput(this.#client.frame, place), signal);
      if (!body) continue;
      const received = receivedIn(body);
      for (const piece of received.pieces) await onOutput(piece);
      if (received.isDone) return received.exitCode ?? 0;
    }
  }

  #signal(place: CommandPlace, which: 'ctrl_c' | 'terminate', signal: AbortSignal): Promise<unknown> {
    return this.#client.ask(signalCommand(this.#client.frame, place, which), signal);
  }

  /** Ctrl+C, a moment to tidy up, then the end: the waiting request was given up, so this goes over a connection of its own. */
  async #stop(place: CommandPlace, onOutput: ShellCommand['onOutput']): Promise<void> {
    const signal = AbortSignal.timeout(tidyMs);
    try {
      await this.#signal(place, 'ctrl_c', signal);
      await this.#receive(place, onOutput, AbortSignal.any([signal, AbortSignal.timeout(graceSeconds * 1000)])).catch(() => undefined);
      await this.#signal(place, 'terminate', signal);
    } catch {
      // The host is gone, or the command: deleting the shell ends what is left.
    }
  }
}

/** Rejects when the work brought a failure, and else never settles. */
async function failureOf(work: Promise<unknown>): Promise<never> {
  const failed = (await work) as { thrown: unknown } | undefined;
  if (failed) throw failed.thrown;
  return new Promise<never>(() => undefined);
}

function commandTimedOut(place: string, timeoutMs: number): TimedOut {
  return new TimedOut('winrm.command_timeout', `The command on ${place} did not end within ${timeoutMs / 1000} s and was ended there.`, {
    hint: 'Give it more time, or look in the log for what it waits for: there is nobody to answer a prompt.',
  });
}
