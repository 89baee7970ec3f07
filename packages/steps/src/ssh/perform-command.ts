// Runs one command for a step: the output into log, value and files, the exit code into success or failure.
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import type { z } from 'zod';
import { checkFileName } from '../files/input-files.ts';
import type { CommandFields, CommandValue } from './command-fields.ts';
import { type Captured, OutputCapture } from './output-capture.ts';
import type { RemoteEnd } from './remote-command.ts';
import { runOnHost } from './run-on-host.ts';
import { routeText, routeTo, type SshRoute } from './ssh-route.ts';

export interface Performance {
  target: string;
  /** What `sh` runs there. */
  text: string;
  input?: Buffer | undefined;
  fields: CommandFields;
  removes?: string | undefined;
  /** What people call it, in messages. */
  what: string;
}

/** @throws InvalidInput `ssh.exit_code`, never retried; connection faults, which are; as runOnHost */
export async function performCommand(ctx: StepContext, { target, text, input, fields, removes, what }: Performance): Promise<StepResult> {
  const route = routeTo(await ctx.target(target));
  const pty = fields.pty ?? route.pty;
  const capture = (name: 'stdout' | 'stderr') =>
    new OutputCapture({
      encoding: fields.encoding,
      isTerminal: pty,
      keepsFile: name === 'stderr' && fields.outputFile === 'always' ? 'large' : fields.outputFile,
      file: async () => path.join(await ctx.files.scratch(), name),
      log: (line) => (name === 'stdout' ? ctx.log.info(line) : ctx.log.info(`stderr: ${line}`)),
    });
  const [stdout, stderr] = [capture('stdout'), capture('stderr')];
  const started = performance.now();
  const end = await runOnHost({
    workspaceId: ctx.run.workspaceId,
    route,
    signal: ctx.signal,
    command: { text, environment: fields.environment, folder: fields.folder || undefined, pty, sudo: sudoOf(route, fields) },
    input,
    timeoutMs: fields.timeoutSeconds * 1000,
    onStdout: (bytes) => stdout.take(bytes),
    onStderr: (bytes) => stderr.take(bytes),
    log: ctx.log,
    isRepeatable: fields.repeatable,
    removes,
  });
  const ms = Math.round(performance.now() - started);
  const [out, err] = [await stdout.finish(), await stderr.finish()];
  if (!out.isReadable || !err.isReadable)
    ctx.log.warn(`Some of the output of ${route.name} is no text in the code page ${fields.encoding}: say which one it is in (encoding).`);
  checkEnd({ end, route, fields, stderr: err, stdout: out, what });
  const value: z.infer<typeof CommandValue> = {
    target: route.name,
    exitCode: end.exitCode ?? 0,
    stdout: out.text,
    stderr: err.text,
    stdoutBytes: out.bytes,
    stderrBytes: err.bytes,
    isCut: out.isCut || err.isCut,
    ms,
  };
  return { value, files: await filesOf(ctx, { route, fields, out, err }) };
}

/** What a dry run says instead. */
export async function wouldPerform(ctx: StepContext, { target, fields, what }: Pick<Performance, 'target' | 'fields' | 'what'>): Promise<StepResult> {
  const route = routeTo(await ctx.target(target));
  const { sudo, folder } = fields;
  ctx.log.info(
    `Dry run: would run ${what} on ${route.name} (${routeText(route)})${sudo ? `, as ${sudo} by sudo` : ''}${folder ? `, in ${folder}` : ''}, for ${fields.timeoutSeconds} s at most.`,
  );
  return {};
}

function sudoOf(route: SshRoute, { sudo }: CommandFields): { user: string; password: string | undefined } | undefined {
  return sudo ? { user: sudo, password: route.sudoPassword } : undefined;
}

interface Outcome {
  end: RemoteEnd;
  route: SshRoute;
  fields: CommandFields;
  stdout: Captured;
  stderr: Captured;
  what: string;
}

function checkEnd({ end, route, fields, stdout, stderr, what }: Outcome): void {
  const { exitCode, signal } = end;
  if (exitCode !== null && fields.okExitCodes.includes(exitCode)) return;
  const said = lastLine(stderr.text) || lastLine(stdout.text);
  const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  throw new InvalidInput(exitCode === null ? 'ssh.signal' : 'ssh.exit_code', `${what} on ${route.name} ${how}${said ? `: ${said}` : '.'}`, {
    hint: 'The log of the step has all that it wrote. Where this exit code is no failure, add it to okExitCodes.',
    details: { target: route.name, exitCode, signal, stderr: stderr.text.slice(-2_000), stdout: stdout.text.slice(-2_000) },
  });
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').trim().slice(0, 500);
}

async function filesOf(
  ctx: StepContext,
  { route, fields, out, err }: { route: SshRoute; fields: CommandFields; out: Captured; err: Captured },
): Promise<FileRef[]> {
  const files: FileRef[] = [];
  const safe = route.name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 150);
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
