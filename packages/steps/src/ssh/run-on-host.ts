// A command on a host, from the pool's connection to its end, and to the end of every process of it when it has to stop.
import { setTimeout } from 'node:timers/promises';
import { Conflict, InvalidInput, TimedOut, toAppError } from '@tidewheel/contract/errors';
import { type RemoteEnd, type RemoteInput, RemoteRun, type TakeOutput } from './remote-command.ts';
import type { RemoteCommand } from './remote-shell.ts';
import type { SshConnection } from './ssh-client.ts';
import { type Borrow, withConnection } from './ssh-pool.ts';
import { stopProgram } from './stop-program.ts';

export interface HostCommand extends Borrow {
  command: RemoteCommand;
  input?: RemoteInput | undefined;
  /** From its beginning; then it is stopped. */
  timeoutMs: number;
  onStdout: TakeOutput;
  onStderr: TakeOutput;
  /** Told how stopping it went. */
  log: { info(text: string): void; warn(text: string): void };
  /** Whether it may run twice: then a connection that breaks meanwhile is a fault that passes. */
  isRepeatable: boolean;
  /** A file of its own there that goes with it when it is stopped. */
  removes?: string | undefined;
}

/** How long an attempt to stop a command may take: less than the engine waits for a step that was cancelled. */
const stopMs = 4_500;
/** How long to wait for the id of a process that was just asked for. */
const toldMs = 1_000;

/** @throws `ssh.command_timeout`, the reason of the signal, `ssh.broken` when the connection breaks while it runs, and as RemoteRun */
export function runOnHost(options: HostCommand): Promise<RemoteEnd> {
  return withConnection(options, (ssh) => runOn(ssh, options));
}

async function runOn(ssh: SshConnection, options: HostCommand): Promise<RemoteEnd> {
  const { signal, timeoutMs, command, input, onStdout, onStderr } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const run = await RemoteRun.start({ ssh, command, input, onStdout, onStderr });
  const stop = Promise.withResolvers<'stop'>();
  const leave = () => stop.resolve('stop');
  for (const each of [signal, deadline]) each.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    const came = await Promise.race([run.ended, stop.promise]);
    if (came !== 'stop') return came;
    await stopRun(run, options);
    signal.throwIfAborted();
    throw timedOut(ssh.place, options);
  } catch (thrown) {
    if (run.isSent && !ssh.isOpen() && !signal.aborted) throw broken(thrown, { ssh, isBegun: run.isBegun, isRepeatable: options.isRepeatable });
    throw thrown;
  } finally {
    for (const each of [signal, deadline]) each.removeEventListener('abort', leave);
    run.close();
  }
}

/** Through a second channel: the first one belongs to the command, and closing it would leave the command running. */
async function stopRun(run: RemoteRun, options: HostCommand): Promise<void> {
  const { route, log, command, removes } = options;
  try {
    const pid = run.pid ?? (await Promise.race([run.whenTold(), setTimeout(toldMs, undefined, { ref: false })]));
    if (pid === undefined) {
      log.warn(`${route.name} never said which process it is: the connection is closed, and what it does there is not known.`);
      return;
    }
    const left = await askToStop({ ...options, pid, removes, command });
    if (left === 0) log.info(`The command on ${route.name} was stopped with everything it started (process ${pid}).`);
    else log.warn(`${left} processes of the command on ${route.name} could not be stopped (process ${pid}); they may belong to another user.`);
  } catch (thrown) {
    log.warn(`The command on ${route.name} may go on there: it could not be stopped (${toAppError(thrown).message})`);
  }
}

async function askToStop({ pid, removes, command, ...borrow }: HostCommand & { pid: number }): Promise<number> {
  let out = '';
  const signal = AbortSignal.timeout(stopMs);
  const stopping: RemoteCommand = { text: stopProgram(pid, { remove: removes }), environment: {}, pty: false, sudo: command.sudo };
  await withConnection({ ...borrow, signal }, async (ssh) => {
    const onStdout = (bytes: Buffer) => {
      out += bytes.toString('latin1');
    };
    const run = await RemoteRun.start({ ssh, command: stopping, onStdout, onStderr: () => {} });
    const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    try {
      await Promise.race([run.ended, late]);
    } finally {
      run.close();
    }
  });
  const left = /left (\d+)/.exec(out)?.[1];
  if (left === undefined) throw new InvalidInput('ssh.stop', 'the host does not say how many processes are left');
  return Number(left);
}

/** What did something for a while and was stopped is not run again by itself, unless it may run twice. */
function timedOut(place: string, { timeoutMs, isRepeatable }: HostCommand): TimedOut | Conflict {
  const Class = isRepeatable ? TimedOut : Conflict;
  return new Class('ssh.command_timeout', `The command on ${place} took longer than ${timeoutMs / 1000} s and was stopped.`, {
    hint: 'Let it take longer (timeoutSeconds), or find out what it waits for: it may ask for something.',
  });
}

function broken(thrown: unknown, { ssh, isBegun, isRepeatable }: { ssh: SshConnection; isBegun: boolean; isRepeatable: boolean }): Error {
  const error = toAppError(thrown);
  if (isRepeatable) return error;
  const what = isBegun ? 'while the command ran; it may go on there, and how it ends is not known' : 'when the command was sent; whether it ran is not known';
  return new Conflict('ssh.broken', `The connection to ${ssh.place} broke ${what}. (${error.message})`, {
    hint: 'Look at the host. Where running it twice does no harm, say so (repeatable), and it is tried again by itself.',
    cause: thrown,
  });
}
