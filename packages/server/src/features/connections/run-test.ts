// Runs a connector's test within a time limit, and lets no secret out of what it reports.
import { toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { Connector } from '@tidewheel/kit/define-connector';
import { redactor } from '../../base/redactor.ts';
import { watchSecret } from '../../platform/vault/vault.service.ts';

const limitMs = 60_000;

export interface TestTask {
  connector: Connector;
  config: Record<string, unknown>;
  secret: Record<string, unknown> | null;
  /** Ends when the person who asked goes away. */
  signal: AbortSignal;
}

export async function runTest({ connector, config, secret, signal }: TestTask): Promise<TestResult> {
  const started = performance.now();
  const forget = watchSecret(secret ?? {});
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  limit.addEventListener('abort', () => ended.reject(limit.reason), { once: true });
  try {
    return redactor.deep(await Promise.race([connector.test({ config, secret }, { signal: limit, log: () => {} }), ended.promise]));
  } catch (thrown) {
    const check = limit.aborted
      ? { name: 'time', ok: false, detail: `The test was given up after ${Math.round((performance.now() - started) / 1000)} s.` }
      : { name: 'test', ok: false, ...said(thrown) };
    return redactor.deep({ ok: false, ms: Math.round(performance.now() - started), checks: [check] });
  } finally {
    forget();
  }
}

function said(thrown: unknown): { detail: string; hint?: string } {
  const error = toAppError(thrown);
  return { detail: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}
