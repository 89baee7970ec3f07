// Runs one inline step: its configuration resolved, its time limited, its result checked.
import { type AppError, InvalidInput, TimedOut } from '@tidewheel/contract/errors';
import { type FileRef, valueLimitBytes } from '@tidewheel/contract/values';
import type { StepType } from '@tidewheel/kit/define-step';
import type { StepResult } from '@tidewheel/kit/step-context';
import { redactor } from '../../base/redactor.ts';
import { storableJson } from '../../base/text.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import { resolveConfig } from '../expressions/resolve-config.ts';
import type { PlannedStep } from '../flows/plan.ts';
import { type Lease, type NewArtifact, type StepEnd, scopeOf } from './live-run.ts';
import type { AddItem, EngineServices } from './services.ts';
import { attemptContext } from './step-context.ts';

/** How long a step may take to end after its signal, before it is left behind. */
const graceMs = 5_000;

export async function runInline(options: {
  lease: Lease;
  planned: PlannedStep;
  signal: AbortSignal;
  services: EngineServices;
  add: AddItem;
}): Promise<StepEnd> {
  const { lease, planned, signal } = options;
  const type = planned.type as StepType;
  const attempt = attemptContext(options);
  try {
    const config = resolveConfig({ type, config: planned.step.with, scope: scopeOf(lease.live) });
    const result = await abandonable(type.run(config as never, attempt.ctx), signal);
    signal.throwIfAborted();
    return endOf({ planned, type, result });
  } catch (thrown) {
    // Now, while the secrets of this attempt are still known.
    throw redactor.error(thrown);
  } finally {
    await attempt.close();
  }
}

/** A step that does not heed its signal is left behind after a grace; its slot and lease go on without it. */
async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const left = new Promise<never>((_, reject) => {
    const leave = () => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

function endOf({ planned, type, result }: { planned: PlannedStep; type: StepType; result: StepResult }): StepEnd {
  const output: StoredOutput = {};
  if (result.value !== undefined) output.value = storableValue(planned.id, result.value);
  if (result.files?.length) output.files = result.files;
  if (result.counts) output.counts = result.counts;
  if (result.checks) output.checks = result.checks;
  const artifacts = type.artifacts ? (result.files ?? []).map((file) => artifactOf(file, result.metadata)) : [];
  return { step: planned.id, state: 'succeeded', reason: null, output, preview: null, error: null, artifacts };
}

export function artifactOf({ kind: _kind, ...file }: FileRef, metadata: Record<string, unknown> = {}): NewArtifact {
  return { ...file, metadata: redactor.deep(metadata) };
}

function storableValue(step: string, value: unknown): unknown {
  const text = storableJson(redactor.deep(value));
  const bytes = Buffer.byteLength(text);
  if (bytes > valueLimitBytes) {
    throw new InvalidInput('step.value_too_large', `steps.${step}: its value takes ${bytes} bytes; at most ${valueLimitBytes} are kept with a run`, {
      hint: 'Let the step make a file or a table instead, or return less.',
    });
  }
  return JSON.parse(text);
}

/** Why a unit's signal ended, as the error to record. */
export function timedOut(ms: number): AppError {
  return new TimedOut('step.timeout', `it took longer than its limit of ${ms / 1_000} s`, { hint: 'Raise `timeout` on the step, or make it do less.' });
}
