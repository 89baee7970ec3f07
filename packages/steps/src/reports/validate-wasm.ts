// Validates without anything installed, by libxml2 compiled to WebAssembly, in a thread of its own.
import { Worker } from 'node:worker_threads';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { ValidationOutcome } from './schema-fault.ts';

export interface WasmJob {
  folder: string;
  driver: string;
  report: string;
  firstRecordLine: number;
}
export type WasmAnswer = { outcome: ValidationOutcome } | { schemaFault: string };

/** Nothing inside the thread would end what schemas of people can ask for. A report of 1 GB takes minutes. */
const patienceMs = 30 * 60_000;

/** @throws InvalidInput when the schemas themselves are faulty, TooLarge when it takes too long */
export async function validateWithWasm(job: WasmJob & { signal: AbortSignal }): Promise<ValidationOutcome> {
  const { signal, ...workerData } = job;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./validate-wasm.worker.ts', import.meta.url), { workerData, env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  const ended = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const stop = () => void worker.terminate();
  ended.addEventListener('abort', stop, { once: true });
  try {
    const answer = await new Promise<WasmAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(signal.aborted ? signal.reason : ended.aborted ? tooLong() : new Error('the validating thread ended without an answer')),
      );
    });
    if ('outcome' in answer) return answer.outcome;
    throw new InvalidInput('report.schema', `The schemas cannot be used: ${answer.schemaFault}`, {
      hint: 'Upload the complete set of schemas that the authority publishes for this message.',
    });
  } finally {
    ended.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function tooLong(): TooLarge {
  return new TooLarge('report.schema_limit', `Checking the report takes longer than ${patienceMs / 60_000} minutes.`, {
    hint: 'Simplify the schemas, split the report, or install xmllint (libxml2-utils), which is many times faster.',
  });
}
