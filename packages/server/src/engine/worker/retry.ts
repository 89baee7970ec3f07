// Pure: whether and when a failed unit is tried again.
import type { StoredError } from '@tidewheel/contract/errors';
import type { Unit } from '../flows/plan.ts';
import type { Lease, Retrying } from './live-run.ts';

/** Exponential backoff with jitter, so that many steps that failed together do not come back together. */
export function retryOf({
  unit,
  lease,
  error,
  random = Math.random,
}: {
  unit: Unit;
  lease: Lease;
  error: StoredError;
  random?: () => number;
}): Retrying | null {
  const { tried } = lease;
  if (tried >= unit.retry.attempts || !mayRetry(unit.retry, error)) return null;
  const delay = Math.min(unit.retry.maxDelayMs, unit.retry.delayMs * unit.retry.factor ** (tried - 1));
  const at = new Date(Date.now() + Math.round(delay * (1 + unit.retry.jitter * random())));
  return { at, attempt: tried + 1, reason: `attempt ${tried} of ${unit.retry.attempts} failed: ${error.message}; next at ${at.toISOString()}`, error };
}

/** A policy that names codes retries these, whatever else they are; without names, what may pass by itself. */
function mayRetry({ on }: Unit['retry'], { code, retryable }: StoredError): boolean {
  if (on === null) return retryable;
  return on.some((wanted) => (wanted.endsWith('*') ? code.startsWith(wanted.slice(0, -1)) : code === wanted));
}
