import { Worker } from 'node:worker_threads';
import { InvalidInput } from '@tidewheel/contract/errors';
import { liquidLimits } from './liquid-engine.ts';

export interface LiquidJob {
  template: string;
  /** Plain data; it is copied into the thread. */
  scope: Record<string, unknown>;
}
export type LiquidAnswer = { text: string } | { fault: string };

// LiquidJS looks at its own limits between tags only: what hangs inside one filter is ended from outside.
const patienceMs = liquidLimits.renderMs + 5_000;

/** @throws InvalidInput naming the place in the template, or the limit it went over */
export async function renderLiquid(job: LiquidJob, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./render-liquid.worker.ts', import.meta.url), {
    workerData: job,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const ended = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const stop = () => void worker.terminate();
  ended.addEventListener('abort', stop, { once: true });
  try {
    const answer = await new Promise<LiquidAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ fault: 'it takes more than 512 MB of memory' }) : reject(error),
      );
      worker.once('exit', () => (signal.aborted ? reject(signal.reason) : resolve({ fault: `it takes longer than ${patienceMs / 1_000} s` })));
    });
    if ('text' in answer) return answer.text;
    throw new InvalidInput('report.template', `The template cannot be rendered: ${answer.fault}`, { hint: 'Correct the template, or give it fewer rows.' });
  } finally {
    ended.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
