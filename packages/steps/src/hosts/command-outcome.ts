// What a command leaves behind, over SSH and over WinRM: its output in log, value and files, or why it counts as failed.
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import type { z } from 'zod';
import { checkFileName } from '../files/input-files.ts';
import type { CommandFields, CommandValue } from '../ssh/command-fields.ts';
import { type Captured, OutputCapture } from '../ssh/output-capture.ts';

interface CaptureOptions {
  stream: 'stdout' | 'stderr';
  fields: Pick<CommandFields, 'outputFile'>;
  encoding: string;
  /** Whether its lines end with CR LF. */
  isTerminal: boolean;
}

export function captureStream(ctx: StepContext, { stream, fields, encoding, isTerminal }: CaptureOptions): OutputCapture {
  return new OutputCapture({
    encoding,
    isTerminal,
    keepsFile: stream === 'stderr' && fields.outputFile === 'always' ? 'large' : fields.outputFile,
    file: async () => path.join(await ctx.files.scratch(), stream),
    log: (line) => (stream === 'stdout' ? ctx.log.info(line) : ctx.log.info(`stderr: ${line}`)),
  });
}

export interface CommandOutcome {
  /** The name of the host. */
  target: string;
  out: Captured;
  err: Captured;
}

/** The value and the files of a command that succeeded. */
export async function commandResult(
  ctx: StepContext,
  { target, out, err, exitCode, ms, fields }: CommandOutcome & { exitCode: number; ms: number; fields: Pick<CommandFields, 'outputName'> },
): Promise<StepResult> {
  const value: z.infer<typeof CommandValue> = {
    target,
    exitCode,
    stdout: out.text,
    stderr: err.text,
    stdoutBytes: out.bytes,
    stderrBytes: err.bytes,
    isCut: out.isCut || err.isCut,
    ms,
  };
  return { value, files: await filesOf(ctx, { target, out, err, outputName: fields.outputName }) };
}

/** The fault of a command that ended otherwise than expected; `how` is what became of it, `said` what it wrote of that. */
export function commandFailure(
  code: 'ssh.exit_code' | 'ssh.signal' | 'winrm.exit_code',
  { target, out, err, what, how, said, ending }: CommandOutcome & { what: string; how: string; said: string; ending: Record<string, unknown> },
): InvalidInput {
  return new InvalidInput(code, `${what} on ${target} ${how}${said ? `: ${said}` : '.'}`, {
    hint: 'The log of the step has all that it wrote. Where this exit code is no failure, add it to okExitCodes.',
    details: { target, ...ending, stderr: err.text.slice(-2_000), stdout: out.text.slice(-2_000) },
  });
}

export function firstLine(text: string): string {
  return (text.trim().split('\n').at(0) ?? '').trim().slice(0, 500);
}

export function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').trim().slice(0, 500);
}

async function filesOf(ctx: StepContext, { target, out, err, outputName }: CommandOutcome & Pick<CommandFields, 'outputName'>): Promise<FileRef[]> {
  const files: FileRef[] = [];
  const safe = target.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 150);
  for (const [name, { file, bytes }] of [
    [outputName ? checkFileName(outputName) : `${safe}-stdout.txt`, out],
    [`${safe}-stderr.txt`, err],
  ] as const) {
    if (!file) continue;
    if (!file.isWhole) ctx.log.warn(`${name} has the beginning of the output alone: there were ${bytes} bytes.`);
    files.push(await ctx.files.put({ name, mediaType: name.endsWith('.csv') ? 'text/csv' : 'text/plain' }, localFile(file.path)));
  }
  return files;
}
