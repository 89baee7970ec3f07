// Runs one inline step: its configuration resolved, its time limited, its result checked.
import { type AppError, InvalidInput, TimedOut } from '@tidewheel/contract/errors';
import { type FileRef, valueLimitBytes } from '@tidewheel/contract/values';
import type { StepType } from '@tidewheel/kit/define-step';
import type { StepChildren, StepContext, StepResult, StepWait, Wake } from '@tidewheel/kit/step-context';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { storableJson } from '../../base/text.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import { resolveConfig } from '../expressions/resolve-config.ts';
import type { PlannedStep } from '../flows/plan.ts';
import { openApproval } from '../waits/open-approval.ts';
import { databaseNow } from './database-clock.ts';
import { type Lease, type NewArtifact, type OpenWait, type StepEnd, scopeOf } from './live-run.ts';
import type { AddItem, EngineServices } from './services.ts';
import { attemptContext } from './step-context.ts';
import { waitOut } from './wait-out.ts';

/** How long a step may take to end after its signal, before it is left behind. */
const graceMs = 5_000;

/** How an inline step came out: it ended, it waits, or it asks for runs below it. */
export type InlineEnd = { end: StepEnd } | { wait: OpenWait } | { children: StepChildren };

export interface InlineOptions {
  lease: Lease;
  planned: PlannedStep;
  /** How what it waited for ended; null when it begins. */
  wake: Wake | null;
  signal: AbortSignal;
  services: EngineServices;
  add: AddItem;
  prove(): Promise<void> | undefined;
}

export async function runInline(options: InlineOptions): Promise<InlineEnd> {
  const { lease, planned, signal, wake } = options;
  const type = planned.type as StepType;
  const attempt = attemptContext(options);
  try {
    const config = resolveConfig({ type, config: planned.step.with, scope: scopeOf(lease.live) });
    const proof = options.prove();
    // Begun without a wait where the proof stands: hundreds of steps that begin together would lie between.
    if (proof !== undefined) await proof;
    signal.throwIfAborted();
    const result = await abandonable(perform({ type, config, ctx: attempt.ctx, wake }), signal);
    signal.throwIfAborted();
    if (result.wait) return { wait: await waitOf({ ...options, asked: result.wait }) };
    if (result.children) return { children: result.children };
    return { end: endOf({ planned, type, result, isDry: lease.live.mode === 'dry' }) };
  } catch (thrown) {
    // Now, while the secrets of this attempt are still known.
    throw redactor.error(thrown);
  } finally {
    await attempt.close();
  }
}

function perform({ type, config, ctx, wake }: { type: StepType; config: unknown; ctx: StepContext; wake: Wake | null }): Promise<StepResult> {
  if (wake && type.resume) return type.resume(config as never, ctx, wake);
  if (!ctx.isDry || !type.effects) return type.run(config as never, ctx);
  if (type.dryRun) return type.dryRun(config as never, ctx);
  ctx.log.info(`dry run: ${type.type} changes something outside, so it was left out`);
  return Promise.resolve({});
}

async function waitOf({ lease, planned, services, signal, asked }: InlineOptions & { asked: StepWait }): Promise<OpenWait> {
  const data = storableValue(planned.id, asked.data ?? {});
  const limit = planned.timeoutMs === null ? null : new Date((await waitOut(() => databaseNow(services.pool), signal)).getTime() + planned.timeoutMs);
  const timesOut = limit !== null && (asked.until === undefined || limit < asked.until);
  const until = timesOut ? limit : (asked.until ?? null);
  const wait = { id: newId(), step: planned.id, kind: asked.kind, name: asked.name ?? null, reason: redactor.text(asked.reason), until };
  if (!asked.approval) return { ...wait, data: { data, timesOut } };
  const { approval, shortage } = await openApproval({ live: lease.live, planned, asked: redactor.deep(asked.approval), pool: services.pool });
  return { ...wait, reason: shortage === null ? wait.reason : `${wait.reason}, ${shortage}`, data: { data, timesOut, approval } };
}

/** A step that does not heed its signal is left behind after a grace; its slot and lease go on without it. */
async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(timer);
    // The signal is the run's: it would keep every step that ever ran.
    signal.removeEventListener('abort', leave);
    work.catch(() => {});
  }
}

function endOf({ planned, type, result, isDry }: { planned: PlannedStep; type: StepType; result: StepResult; isDry: boolean }): StepEnd {
  const output: StoredOutput = {};
  if (result.value !== undefined) output.value = storableValue(planned.id, result.value);
  if (result.files?.length) output.files = result.files;
  if (result.counts) output.counts = result.counts;
  if (result.checks) output.checks = result.checks;
  if (result.branches) output.branches = result.branches;
  const artifacts = type.artifacts || result.artifacts ? (result.files ?? []).map((file) => artifactOf(file, result.metadata)) : [];
  const reason = isDry && type.effects ? 'dry run: nothing outside was changed' : null;
  return { step: planned.id, state: 'succeeded', reason, output, preview: null, error: null, artifacts };
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
