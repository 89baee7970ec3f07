// A child process with all of its own children that ends when we end, however we end: a shell waits on a pipe that only we hold.
import { spawn } from 'node:child_process';

// Its own session, so its process group is everything below it. `exec 3<&0` keeps the pipe from the program itself.
const guard = `
exec 3<&0
"$@" 3<&- </dev/null &
pid=$!
trap '' TERM
( read -r _ <&3; kill -TERM -$$ 2>/dev/null; sleep 8; kill -KILL -$$ ) &
wait $pid
code=$?
kill -KILL $! 2>/dev/null
exit $code`;

/** @returns the child; close its stdin to end it */
export function spawnGuarded(command, args, options = {}) {
  const child = spawn('/bin/sh', ['-c', guard, 'guard', command, ...args], { ...options, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  return child;
}
