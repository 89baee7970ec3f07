// One line of a connection test, as its page shows it.
import { type AppError, toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';

export type Check = TestResult['checks'][number];

/**
 * What `work` tells is the check's detail; what it throws is why it failed.
 * @throws the signal's reason when the test itself was given up
 */
export async function attempt(name: string, work: () => Promise<string>, signal?: AbortSignal): Promise<Check> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (thrown) {
    signal?.throwIfAborted();
    return failed(name, toAppError(thrown));
  }
}

export function failed(name: string, { message, hint }: AppError): Check {
  return { name, ok: false, detail: message, ...(hint ? { hint } : {}) };
}
