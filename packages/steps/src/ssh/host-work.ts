// Small commands that copying needs on the host, with their output in hand.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { InvalidInput, toAppError } from '@tidewheel/contract/errors';
import type { StepContext } from '@tidewheel/kit/step-context';
import { runOnHost } from './run-on-host.ts';
import type { SshRoute } from './ssh-route.ts';

export interface HostWork {
  ctx: StepContext;
  route: SshRoute;
  /** Runs it as this user. */
  sudo?: string | undefined;
}

const patienceMs = 6 * 3_600_000;
const mostText = 100_000;

/** Runs shell text. @returns its standard output. @throws InvalidInput `ssh.copy_failed` with what it said; `okExitCodes`: what is fine besides 0 */
export async function onHost(
  work: HostWork,
  text: string,
  { into, input, okExitCodes = [] }: { into?: string; input?: AsyncIterable<Buffer>; okExitCodes?: number[] } = {},
): Promise<string> {
  const { ctx, route, sudo } = work;
  const sink = into === undefined ? undefined : createWriteStream(into, { mode: 0o600 });
  let out = '';
  let said = '';
  const end = await runOnHost({
    workspaceId: ctx.run.workspaceId,
    route,
    signal: ctx.signal,
    command: { text, environment: {}, pty: false, sudo: sudo ? { user: sudo, password: route.sudoPassword } : undefined },
    input,
    timeoutMs: patienceMs,
    // What it reads or sets may be read or set twice.
    isRepeatable: true,
    log: ctx.log,
    onStdout: (bytes) => {
      if (sink) return new Promise<void>((resolve, reject) => sink.write(bytes, (error) => (error ? reject(error) : resolve())));
      if (out.length < mostText) out += bytes.toString('utf8');
      return undefined;
    },
    onStderr: (bytes) => {
      if (said.length < mostText) said += bytes.toString('utf8');
    },
  });
  if (sink) {
    sink.end();
    await finished(sink);
  }
  if (end.exitCode === 0 || okExitCodes.includes(end.exitCode ?? -1)) return out;
  throw new InvalidInput('ssh.copy_failed', `${route.name} could not do it: ${said.trim().split('\n').at(-1)?.slice(0, 500) || `exit code ${end.exitCode}`}`, {
    hint: 'Check the path, the rights of the user and the space on the host.',
  });
}

/** How long to wait before a broken transfer goes on. */
const pausesMs = [300, 1_000, 3_000];
const passing = ['ssh.lost', 'ssh.port', 'ssh.turned_away', 'ssh.no_greeting', 'ssh.timeout'];

/** `work` again when the connection breaks, where it stopped: the parts that are there are taken up. */
export async function withResumption<T>(ctx: StepContext, work: () => Promise<T>): Promise<T> {
  let isUnderWay = false;
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      // A host that was never reached is the engine's to try again.
      isUnderWay ||= code === 'ssh.lost';
      if (!isUnderWay || !passing.includes(code)) throw thrown;
      ctx.log.warn(`${message} It goes on where it stopped.`);
      await setTimeout(pause, undefined, { signal: ctx.signal });
    }
  }
  return work();
}
