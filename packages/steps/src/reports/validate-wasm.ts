// Validates without anything installed, by libxml2 compiled to WebAssembly, in a thread of its own.
import { Worker } from 'node:worker_threads';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { ValidationOutcome } from './schema-fault.ts';

export interface WasmJob {
  folder: string;
  driver: string;
  report: string;
  firstRecordLine: number;
}
export type WasmAnswer = { outcome: ValidationOutcome } | { schemaFault: string };

/** @throws InvalidInput when the schemas themselves are faulty */
export async function validateWithWasm(job: WasmJob & { signal: AbortSignal }): Promise<ValidationOutcome> {
  const { signal, ...workerData } = job;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./validate-wasm.worker.ts', import.meta.url), { workerData, env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await new Promise<WasmAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('the validating thread ended without an answer')));
    });
    if ('outcome' in answer) return answer.outcome;
    throw new InvalidInput('report.schema', `The schemas cannot be used: ${answer.schemaFault}`, {
      hint: 'Upload the complete set of schemas that the authority publishes for this message.',
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
