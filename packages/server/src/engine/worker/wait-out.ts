// The engine's own database may be away for seconds (a restart): what the engine does on behalf of a step waits that out instead of failing the step.
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionFault } from './connection-fault.ts';

/** Repeats `work` while the database is away. @throws what `work` throws for any other reason, or the signal's reason */
export async function waitOut<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
      signal.throwIfAborted();
      await sleep(wait);
    }
  }
}
