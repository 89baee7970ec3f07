// Runs a server that ends when we end, however we end: a tiny shell waits on a pipe whose other end only we hold.
import { type ChildProcess, spawn } from 'node:child_process';

// Ours closed (a stop, an exit, a kill -9): a fast shutdown; whatever still runs after 15 s is ended at once.
// Its own session, so that Ctrl+C in the terminal reaches us alone and we stop things in order.
const guard = `
exec 3<&0
"$@" 3<&- </dev/null &
pid=$!
(
  read -r _ <&3
  kill -INT $pid 2>/dev/null
  i=0
  while kill -0 $pid 2>/dev/null && [ $i -lt 150 ]; do sleep 0.1; i=$((i+1)); done
  kill -QUIT $pid 2>/dev/null
) &
reader=$!
wait $pid
code=$?
kill $reader 2>/dev/null
exit $code`;

export interface GuardedProcess {
  /** Settles when the server and its guard are gone. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks for a fast shutdown; await `exited`. */
  end(): void;
}

export function spawnGuarded(options: {
  command: string;
  args: string[];
  log: number;
  uid?: number;
  gid?: number;
  environment: Record<string, string>;
}): GuardedProcess {
  const { command, args, log, environment, ...user } = options;
  const child: ChildProcess = spawn('/bin/sh', ['-c', guard, 'guard', command, ...args], {
    ...user,
    env: environment,
    cwd: '/',
    detached: true,
    stdio: ['pipe', log, log],
  });
  // Writing never happens; a reset while it ends is no news.
  child.stdin?.on('error', () => {});
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { exited, end: () => void child.stdin?.destroy() };
}
