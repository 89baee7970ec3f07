// How a step starts a program of the worker's machine: with an environment of its own, and with bounds that the kernel keeps.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface LocalCommand {
  command: string;
  args: readonly string[];
  /** Added to `PATH` and `LC_ALL`; nothing else of the worker's environment reaches the program. */
  env?: Record<string, string>;
  /** Of address space, and of time on a processor. Where the system cannot bound one of them (macOS: memory) the other remains. */
  limits: { memoryMb: number; cpuSeconds: number };
  /** Its end kills the program. */
  signal: AbortSignal;
}

/** A number: its exit code. */
type LocalEnd = number | 'missing' | 'out of time' | `signal ${string}`;

interface LocalProcess {
  stdin: Writable;
  stderr: Readable;
  /** Once it has ended and its output is closed. @throws the reason of the signal */
  ended: Promise<LocalEnd>;
}

/** The shell sets its own bounds and becomes the program, which keeps them. */
const bounded = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@"';
const notFound = 127;

export function startLocally({ command, args, env, limits, signal }: LocalCommand): LocalProcess {
  const { memoryMb, cpuSeconds } = limits;
  const child: ChildProcessByStdio<Writable, null, Readable> = spawn(
    '/bin/sh',
    ['-c', bounded, 'bounded', String(memoryMb * 1_024), String(cpuSeconds), command, ...args],
    {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...env },
      signal,
      killSignal: 'SIGKILL',
    },
  );
  // A program that ends without reading what it is given is no fault of its own.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<LocalEnd>((resolve, reject) => {
    child.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    child.once('close', (code, killedBy) => (signal.aborted ? reject(signal.reason) : resolve(endOf(code, killedBy))));
  });
  ended.catch(() => undefined);
  return { stdin: child.stdin, stderr: child.stderr, ended };
}

/** The kernel kills what has used its time; nobody else does here. */
function endOf(code: number | null, killedBy: string | null): LocalEnd {
  if (killedBy === 'SIGKILL' || killedBy === 'SIGXCPU') return 'out of time';
  if (killedBy !== null) return `signal ${killedBy}`;
  return code === notFound ? 'missing' : (code ?? 0);
}
