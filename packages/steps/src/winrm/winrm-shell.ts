// A shell on a Windows host and the commands in it (MS-WSMV 3.1.4): input goes in as it comes, output comes out while the command runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { TimedOut, Unreachable } from '@tidewheel/contract/errors';
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
  /** The whole command. */
  timeoutMs: number;
  /** From here on it may have had its effect. */
  onStart?: (() => void) | undefined;
  /** The connection broke and was made again: what was on its way is lost. */
  onGap?: (() => void) | undefined;
}

/** How long ending a command may take, and deleting its shell after that: together less than the engine waits for a step that was cancelled. */
const stopMs = 3_000;
const deleteStoppedMs = 1_500;
const deleteMs = 15_000;
/** How long a program has after Ctrl+C before it is ended. */
const graceMs = 1_000;
/** How often output is asked for again over a new connection when one breaks; the command goes on meanwhile. */
const mostBreaks = 3;
const breakMs = 500;

export class WinrmShell implements AsyncDisposable {
  readonly #client: WsmanClient;
  readonly #shellId: string;
  #isStopped = false;

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
  async run(command: ShellCommand): Promise<number> {
    const { line, input, signal, timeoutMs } = command;
    command.onStart?.();
    const started = await this.#client.ask(runCommand(this.#client.frame, this.#shellId, { line, hasInput: input !== undefined }), signal);
    const place = { shellId: this.#shellId, commandId: commandIdIn(started) };
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const exitCode = await this.#attend(place, command, AbortSignal.any([signal, deadline]));
      await this.#signal(place, 'terminate', signal).catch(() => undefined);
      return exitCode;
    } catch (thrown) {
      await this.#stop(place, command);
      signal.throwIfAborted();
      if (deadline.aborted) throw commandTimedOut(this.#client.place, timeoutMs);
      throw thrown;
    }
  }

  /** Feeds and reads at the same time, until the command has ended. */
  async #attend(place: CommandPlace, command: ShellCommand, signal: AbortSignal): Promise<number> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const fed = Promise.withResolvers<never>();
    const feeding = this.#feed(place, command.input, either).catch((thrown: unknown) => {
      // A program may end without reading all of its input: then its exit code is what counts.
      if (!ended.signal.aborted) fed.reject(thrown);
    });
    try {
      return await Promise.race([this.#receive(place, command, either), fed.promise]);
    } finally {
      ended.abort();
      await feeding;
    }
  }

  /** Ends the shell and whatever still runs in it. Never throws: the host ends an idle shell by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    const signal = AbortSignal.timeout(this.#isStopped ? deleteStoppedMs : deleteMs);
    await this.#client.ask(deleteShell(this.#client.frame, this.#shellId), signal).catch(() => undefined);
  }

  async #feed(place: CommandPlace, input: ShellCommand['input'], signal: AbortSignal): Promise<void> {
    if (input === undefined) return;
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

  async #receive(place: CommandPlace, { onOutput, onGap }: Pick<ShellCommand, 'onOutput' | 'onGap'>, signal: AbortSignal): Promise<number> {
    for (let breaks = 0; ; ) {
      try {
        const body = await this.#client.askOrWait(receiveOutput(this.#client.frame, place), signal);
        breaks = 0;
        if (!body) continue;
        const received = receivedIn(body);
        for (const piece of received.pieces) await onOutput(piece);
        if (received.isDone) return received.exitCode ?? 0;
      } catch (thrown) {
        breaks += 1;
        if (signal.aborted || breaks > mostBreaks || !isBreak(thrown)) throw thrown;
        onGap?.();
        await sleep(breakMs * breaks, undefined, { signal });
      }
    }
  }

  #signal(place: CommandPlace, which: 'ctrl_c' | 'terminate', signal: AbortSignal): Promise<unknown> {
    return this.#client.ask(signalCommand(this.#client.frame, place, which), signal);
  }

  /** Ctrl+C, a moment to tidy up, then the end: the waiting request was given up, so this goes over a connection of its own. */
  async #stop(place: CommandPlace, { onOutput }: ShellCommand): Promise<void> {
    this.#isStopped = true;
    const signal = AbortSignal.timeout(stopMs);
    try {
      await this.#signal(place, 'ctrl_c', signal);
      await this.#receive(place, { onOutput }, AbortSignal.any([signal, AbortSignal.timeout(graceMs)])).catch(() => undefined);
      await this.#signal(place, 'terminate', signal);
    } catch {
      // The host is gone, or the command: deleting the shell ends what is left.
    }
  }
}

/** The way broke, not the command. */
export function isBreak(thrown: unknown): boolean {
  return thrown instanceof Unreachable && ['winrm.lost', 'winrm.unreachable', 'winrm.port'].includes(thrown.code);
}

function commandTimedOut(place: string, timeoutMs: number): TimedOut {
  return new TimedOut('winrm.command_timeout', `The command on ${place} did not end within ${timeoutMs / 1000} s and was ended there.`, {
    hint: 'Give it more time, or look in the log for what it waits for: there is nobody to answer a prompt.',
  });
}
