// Runs one command for a step: the output into log, value and files, the exit code into success or failure.
import path from 'node:path';
import { AppError, Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import type { z } from 'zod';
import { checkFileName } from '../files/input-files.ts';
import type { CommandValue } from '../ssh/command-fields.ts';
import { type Captured, OutputCapture } from '../ssh/output-capture.ts';
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
  const { out, err } = await output.finish();
  checkExit({ exitCode, target, fields, out, err, what });
  const value: z.infer<typeof CommandValue> = {
    target: target.name,
    exitCode,
    stdout: out.text,
    stderr: err.text,
    stdoutBytes: out.bytes,
    stderrBytes: err.bytes,
    isCut: out.isCut || err.isCut,
    ms,
  };
  return { value, files: await filesOf(ctx, { target, fields, out, err }) };
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
    const capture = (name: 'stdout' | 'stderr') =>
      new OutputCapture({
        encoding: 'utf-8',
        // cmd and PowerShell end their lines with CR LF.
        isTerminal: true,
        keepsFile: name === 'stderr' && fields.outputFile === 'always' ? 'large' : fields.outputFile,
        file: async () => path.join(await ctx.files.scratch(), name),
        log: (line) => (name === 'stdout' ? ctx.log.info(line) : ctx.log.info(`stderr: ${line}`)),
      });
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

interface Outcome {
  exitCode: number;
  target: WinrmTarget;
  fields: CommandFields;
  out: Captured;
  err: Captured;
  what: string;
}

function checkExit({ exitCode, target, fields, out, err, what }: Outcome): void {
  if (fields.okExitCodes.some((code) => (code | 0) === exitCode)) return;
  const said = firstLine(err.text) || lastLine(out.text);
  throw new InvalidInput('winrm.exit_code', `${what} on ${target.name} ended with exit code ${exitCode}${said ? `: ${said}` : '.'}`, {
    hint: 'The log of the step has all that it wrote. Where this exit code is no failure, add it to okExitCodes.',
    details: { target: target.name, exitCode, stderr: err.text.slice(-2_000), stdout: out.text.slice(-2_000) },
  });
}

/** PowerShell says first what went wrong, and then at length where. */
function firstLine(text: string): string {
  return (text.trim().split('\n').at(0) ?? '').trim().slice(0, 500);
}
function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').trim().slice(0, 500);
}

async function filesOf(
  ctx: StepContext,
  { target, fields, out, err }: { target: WinrmTarget; fields: CommandFields; out: Captured; err: Captured },
): Promise<FileRef[]> {
  const files: FileRef[] = [];
  const safe = target.name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 150);
  for (const [name, { file, bytes }] of [
    [fields.outputName ? checkFileName(fields.outputName) : `${safe}-stdout.txt`, out],
    [`${safe}-stderr.txt`, err],
  ] as const) {
    if (!file) continue;
    if (!file.isWhole) ctx.log.warn(`${name} has the beginning of the output alone: there were ${bytes} bytes.`);
    files.push(await ctx.files.put({ name, mediaType: name.endsWith('.csv') ? 'text/csv' : 'text/plain' }, localFile(file.path)));
  }
  return files;
}
