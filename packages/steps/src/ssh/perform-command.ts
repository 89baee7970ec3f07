// Runs one command for a step: the output into log, value and files, the exit code into success or failure.
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { type CommandOutcome, captureStream, commandFailure, commandResult, lastLine } from '../hosts/command-outcome.ts';
import type { CommandFields } from './command-fields.ts';
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
  const capture = (stream: 'stdout' | 'stderr') => captureStream(ctx, { stream, fields, encoding: fields.encoding, isTerminal: pty });
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
  const outcome = { target: route.name, out, err };
  checkEnd(outcome, { end, fields, what });
  return commandResult(ctx, { ...outcome, exitCode: end.exitCode ?? 0, ms, fields });
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

function checkEnd(outcome: CommandOutcome, { end, fields, what }: { end: RemoteEnd; fields: CommandFields; what: string }): void {
  const { exitCode, signal } = end;
  if (exitCode !== null && fields.okExitCodes.includes(exitCode)) return;
  const said = lastLine(outcome.err.text) || lastLine(outcome.out.text);
  const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  throw commandFailure(exitCode === null ? 'ssh.signal' : 'ssh.exit_code', { ...outcome, what, how, said, ending: { exitCode, signal } });
}
