// What a host says of itself.
import type { ConnectorTestContext } from '@tidewheel/kit/define-connector';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { runOnHost } from './run-on-host.ts';
import { routeTo } from './ssh-route.ts';

type Facts = Record<string, string | number | boolean | string[]>;

const patienceMs = 30_000;
/** One line each, `name=value`; what a host does not have is missing. */
const question = [
  'echo "hostname=$(uname -n)"; echo "kernel=$(uname -sr)"; echo "architecture=$(uname -m)"',
  '[ -r /etc/os-release ] && (. /etc/os-release; echo "os=$ID"; echo "version=$VERSION_ID")',
  'echo "cpus=$(getconf _NPROCESSORS_ONLN 2>/dev/null)"',
  '[ -r /proc/meminfo ] && awk \'/^MemTotal:/ { printf "memory_mb=%d\\n", $2 / 1024 }\' /proc/meminfo',
  // Not what lies in memory alone.
  'df -Pk 2>/dev/null | awk \'NR > 1 && $1 ~ /^\\// { printf "disk=%s %d MB, %s used\\n", $6, $2 / 1024, $5 }\'',
  'true',
].join('\n');
const numbers = new Set(['cpus', 'memory_mb']);

/** Hostname, os, version, kernel, architecture, cpus, memory_mb, disks. @throws AppError */
export async function gatherFacts(host: OpenTarget, { signal }: ConnectorTestContext): Promise<Facts> {
  let out = '';
  await runOnHost({
    // Shared with nobody: facts are asked for outside of runs.
    workspaceId: 'facts',
    route: routeTo(host),
    signal,
    command: { text: question, environment: {}, pty: false },
    timeoutMs: patienceMs,
    isRepeatable: true,
    log: { info: () => {}, warn: () => {} },
    onStdout: (bytes) => {
      if (out.length < 100_000) out += bytes.toString('utf8');
    },
    onStderr: () => {},
  });
  return factsIn(out);
}

function factsIn(out: string): Facts {
  const facts: Facts = {};
  const disks: string[] = [];
  for (const line of out.split('\n')) {
    const [, name, value] = /^([a-z_]+)=(.+)$/.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) continue;
    if (name === 'disk') disks.push(value.slice(0, 200));
    else facts[name] = numbers.has(name) ? Number(value) : value.slice(0, 200);
  }
  return disks.length > 0 ? { ...facts, disks: disks.slice(0, 50) } : facts;
}
