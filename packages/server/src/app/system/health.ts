// Readiness: each part is asked, with a limit on the wait, and says yes or no. Why it says no is for the log alone.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';

/** Resolves when the part works, rejects otherwise. */
export type HealthCheck = () => Promise<unknown>;

export interface Readiness {
  status: 'ok' | 'degraded';
  checks: { name: string; ok: boolean; ms: number }[];
}

const patienceMs = 2_000;
/** Probes come from several sides (load balancer, orchestrator, people); the parts are asked once for all. */
const freshForMs = 1_000;

export function createReadiness({ checks, log }: { checks: Record<string, HealthCheck>; log: Logger }): () => Promise<Readiness> {
  let asked = 0;
  let answer: Promise<Readiness> | undefined;
  return () => {
    const now = performance.now();
    if (answer === undefined || now - asked > freshForMs) {
      asked = now;
      answer = askAll(checks, log);
    }
    return answer;
  };
}

async function askAll(checks: Record<string, HealthCheck>, log: Logger): Promise<Readiness> {
  const answers = await Promise.all(Object.entries(checks).map(([name, check]) => ask({ name, check, log })));
  return { status: answers.every((answer) => answer.ok) ? 'ok' : 'degraded', checks: answers };
}

async function ask({ name, check, log }: { name: string; check: HealthCheck; log: Logger }): Promise<Readiness['checks'][number]> {
  const before = performance.now();
  const stop = new AbortController();
  const ok = await Promise.race([
    check().then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error, check: name }, 'a readiness check failed');
        return false;
      },
    ),
    sleep(patienceMs, false, { signal: stop.signal }).catch(() => false),
  ]);
  stop.abort();
  return { name, ok, ms: Math.round(performance.now() - before) };
}
