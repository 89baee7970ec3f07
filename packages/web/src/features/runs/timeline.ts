// Where each step lies on the time axis of its run.
import type { Run, StepRun } from '@tidewheel/contract/run';

export interface Bar {
  step: string;
  state: string;
  /** Percent of the axis. */
  left: number;
  width: number;
  ms: number | null;
}

/** The axis reaches from the run's start to its end, or to now. */
export function timelineOf(run: Pick<Run, 'createdAt' | 'startedAt' | 'finishedAt' | 'steps'>, now: number): { bars: Bar[]; totalMs: number } {
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const totalMs = Math.max(1, (run.finishedAt === null ? now : Date.parse(run.finishedAt)) - start);
  const bars = run.steps.map((step): Bar => {
    if (step.startedAt === null) return { step: step.step, state: step.state, left: 0, width: 0, ms: null };
    const from = clamp((Date.parse(step.startedAt) - start) / totalMs);
    const until = clamp(((step.finishedAt === null ? now : Date.parse(step.finishedAt)) - start) / totalMs);
    return { step: step.step, state: step.state, left: from * 100, width: Math.max(0, until - from) * 100, ms: Math.max(0, until - from) * totalMs };
  });
  return { bars, totalMs };
}

/** Whether several steps ran as one job: table steps of a stretch start and end together. */
export function haveSharedJob(steps: Pick<StepRun, 'startedAt' | 'finishedAt'>[]): boolean {
  const spans = steps.filter((step) => step.startedAt !== null && step.finishedAt !== null).map((step) => `${step.startedAt} ${step.finishedAt}`);
  return new Set(spans).size < spans.length;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
