// Passes a step's progress on: the newest of it, seldom enough that a step of hours leaves some hundred events and not a million.
import { isDeepStrictEqual } from 'node:util';
import type { StepProgress } from '@tidewheel/contract/step-progress';
import type { ProgressReport } from '@tidewheel/kit/step-context';
import type { Lease } from './live-run.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { AddItem } from './services.ts';

const shortestMs = 400;
const longestMs = 15_000;
/** Each wait is this part of the time the step has taken so far. */
const part = 1 / 100;

export interface AttemptProgress {
  report(done: ProgressReport): void;
  close(): void;
}

export function attemptProgress({ lease, step, add }: { lease: Lease; step: string; add: AddItem }): AttemptProgress {
  const meter = new ProgressMeter(lease.attempt);
  const began = Date.now();
  let told = Number.NEGATIVE_INFINITY;
  let newest: ProgressReport | undefined;
  let shown: StepProgress = { attempt: lease.attempt };
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const tell = () => {
    timer = undefined;
    if (newest === undefined) return;
    const at = new Date();
    told = at.getTime();
    const data = meter.measure(newest, told);
    newest = undefined;
    if (isDeepStrictEqual(data, shown)) return;
    shown = data;
    add({ kind: 'event', live: lease.live, type: 'step.progressed', step, data: { ...data }, at });
  };
  const report = (done: ProgressReport) => {
    if (isClosed) return;
    newest = { ...done };
    if (timer !== undefined) return;
    const now = Date.now();
    const wait = told + Math.min(longestMs, Math.max(shortestMs, (now - began) * part)) - now;
    if (wait <= 0) tell();
    else timer = setTimeout(tell, wait).unref();
  };
  const close = () => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { report, close };
}
