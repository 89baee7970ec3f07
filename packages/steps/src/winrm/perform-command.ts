// Runs one command for a step: the output into log, value and files, the exit code into success or failure.
import { AppError, Conflict } from '@tidewheel/contract/errors';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { type CommandOutcome, captureStream, commandFailure, commandResult, firstLine, lastLine } from '../hosts/command-outcome.ts';
import type { Captured, OutputCapture } from '../ssh/output-capture.ts';
import { ClixmlText } from './clixml.ts';
import { pageDecoder } from './code-pages.ts';
import type { CommandFields } from './command-fields.ts';
import { placeOf } from './winrm-errors.ts';
import { withShell } from './winrm-session.ts';
import { type WinrmTarget, winrmOf } from './winrm-settings.ts';
import type { ShellCommand, WinrmShell } from './winrm-shell.ts';
import type { OutputPiece } from './wsman-replies.ts';

export interface Performance {
  target: string;
  fields: CommandFields;
  /** What people call it, in messages: `The PowerShell script`. */
  what: string;
  /** What is to be run, made ready in the shell; `remove` ends what that took. */
  ready(shell: WinrmShell): Promise<ReadyCommand>;
}

export interface ReadyCommand {
  line: string;
  input: Buffer | undefined;
  remove?: () => Promise<void>;
}

/** @throws InvalidInput `winrm.exit_code`, never retried; Conflict `winrm.broken`; connection faults before it ran, which are retried */
export async function performCommand(ctx: StepContext, performance_: Performance): Promise<StepResult> {
  const { fields, what, ready } = performance_;
  const target = winrmOf(await ctx.target(performance_.target));
  const output = new CommandOutput(ctx, { target, fields });
  const started = performance.now();
  const exitCode = await withShell({ target, folder: fields.folder || undefined, environment: fields.environment, signal: ctx.signal }, async (shell) => {
    const { line, input, remove } = await ready(shell);
    try {
      return await runOnce(shell, { ctx, target, fields, line, input, onOutput: (piece) => output.take(piece) });
    } finally {
      await remove?.();
    }
  });
  const ms = Math.round(performance.now() - started);
  const outcome = { target: target.name, ...(await output.finish()) };
  checkExit(outcome, { exitCode, fields, what });
  return commandResult(ctx, { ...outcome, exitCode, ms, fields });
}

/** What a dry run says instead. */
export async function wouldPerform(
  ctx: StepContext,
  { target: name, fields, what }: { target: string; fields: CommandFields; what: string },
): Promise<StepResult> {
  const target = winrmOf(await ctx.target(name));
  const { settings, signIn } = target;
  const who = signIn.scheme === 'certificate' ? 'by certificate' : `as ${signIn.domain ? `${signIn.domain}\\` : ''}${signIn.user} by ${signIn.scheme}`;
  ctx.log.info(
    `Dry run: would run ${what} on ${target.name} (${settings.scheme}://${placeOf(target)}${settings.path}), ${who}${fields.folder ? `, in ${fields.folder}` : ''}, for ${fields.timeoutSeconds} s at most.`,
  );
  return {};
}

interface Once {
  ctx: StepContext;
  target: WinrmTarget;
  fields: CommandFields;
  line: string;
  input: Buffer | undefined;
  onOutput: ShellCommand['onOutput'];
}

async function runOnce(shell: WinrmShell, { ctx, target, fields, line, input, onOutput }: Once): Promise<number> {
  let isBegun = false;
  try {
    return await shell.run({
      line,
      input: input && [input],
      onOutput,
      signal: ctx.signal,
      timeoutMs: fields.timeoutSeconds * 1000,
      onStart: () => {
        isBegun = true;
      },
      onGap: () => ctx.log.warn(`The connection to ${target.name} broke and is made again; the command goes on. A part of its output may be missing.`),
    });
  } catch (thrown) {
    const isTimeout = thrown instanceof AppError && thrown.code === 'winrm.command_timeout';
    if (!isBegun || isTimeout || fields.repeatable || ctx.signal.aborted || !(thrown instanceof AppError && thrown.retryable)) throw thrown;
    throw broken(thrown, target);
  }
}

function broken(thrown: AppError, target: WinrmTarget): Conflict {
  return new Conflict('winrm.broken', `The connection to ${placeOf(target)} broke while the command ran; how it ends is not known. (${thrown.message})`, {
    hint: 'Look at the host. Where running it twice does no harm, say so (repeatable), and it is tried again by itself.',
    cause: thrown,
  });
}

/** Both outputs: decoded from the host's code page, PowerShell's errors made text, then kept as over SSH. */
class CommandOutput {
  readonly #out: OutputCapture;
  readonly #err: OutputCapture;
  readonly #outText: ReturnType<typeof pageDecoder>;
  readonly #errText: ReturnType<typeof pageDecoder>;
  readonly #clixml = new ClixmlText();

  constructor(ctx: StepContext, { target, fields }: { target: WinrmTarget; fields: CommandFields }) {
    this.#outText = pageDecoder(target.settings.codePage);
    this.#errText = pageDecoder(target.settings.codePage);
    // cmd and PowerShell end their lines with CR LF.
    const capture = (stream: 'stdout' | 'stderr') => captureStream(ctx, { stream, fields, encoding: 'utf-8', isTerminal: true });
    this.#out = capture('stdout');
    this.#err = capture('stderr');
  }

  async take({ stream, bytes }: OutputPiece): Promise<void> {
    if (stream === 'stdout') await this.#out.take(Buffer.from(this.#outText.decode(bytes)));
    else await this.#takeError(this.#errText.decode(bytes));
  }

  async finish(): Promise<{ out: Captured; err: Captured }> {
    await this.#out.take(Buffer.from(this.#outText.end()));
    await this.#takeError(this.#errText.end());
    await this.#err.take(Buffer.from(this.#clixml.end()));
    return { out: await this.#out.finish(), err: await this.#err.finish() };
  }

  async #takeError(text: string): Promise<void> {
    const readable = this.#clixml.push(text);
    if (readable !== '') await this.#err.take(Buffer.from(readable));
  }
}

function checkExit(outcome: CommandOutcome, { exitCode, fields, what }: { exitCode: number; fields: CommandFields; what: string }): void {
  if (fields.okExitCodes.some((code) => (code | 0) === exitCode)) return;
  // PowerShell says first what went wrong, and then at length where.
  const said = firstLine(outcome.err.text) || lastLine(outcome.out.text);
  throw commandFailure('winrm.exit_code', { ...outcome, what, how: `ended with exit code ${exitCode}`, said, ending: { exitCode } });
}
