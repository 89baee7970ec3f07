// What a performance test has measured, as people see it. Pure.
import type { PerformanceReport, PerformanceTest, Spread, StepPerformance } from '@tidewheel/contract/routes/performance';
import { finalRunStates } from '@tidewheel/contract/run';
import type { Actor } from '../../base/actor.ts';
import { maskedStarter } from '../../base/masked-run.ts';
import { runObject } from '../runs/run-object.ts';
import type { MeasuredRun, MeasuredStep, PerformanceRow } from './performance.store.ts';

interface Before {
  row: PerformanceRow;
  ms: Spread;
  steps: MeasuredStep[];
}

export function viewTest(actor: Actor, { row, runs }: { row: PerformanceRow; runs: MeasuredRun[] }): PerformanceTest {
  const over = runs.filter(({ state }) => finalRunStates.includes(state));
  const isOver = over.length >= row.runs;
  const [slowest] = timed(runs).toSorted((a, b) => b.ms - a.ms);
  return {
    id: row.id,
    flow: row.flow,
    flowTitle: row.flow_title,
    version: row.version,
    mode: row.mode,
    concurrency: row.concurrency,
    createdBy: maskedStarter(actor, { startedBy: row.created_by, object: runObject(row) }),
    createdAt: row.created_at.toISOString(),
    state: row.cancelled_at ? 'cancelled' : isOver ? 'done' : 'running',
    cancelled: row.cancelled_at && row.cancelled_by ? { at: row.cancelled_at.toISOString(), by: row.cancelled_by } : null,
    progress: {
      total: row.runs,
      over: over.length,
      failed: over.filter(({ state }) => state === 'failed').length,
      cancelled: over.filter(({ state }) => state === 'cancelled').length,
    },
    runsPerMinute: ratePerMinute(runs),
    ms: spreadOf(runs),
    slowest: slowest ? { run: slowest.id, number: slowest.number, ms: slowest.ms } : null,
  };
}

export function viewReport(
  actor: Actor,
  { row, runs, steps, before }: { row: PerformanceRow; runs: MeasuredRun[]; steps: MeasuredStep[]; before: Before | null },
): PerformanceReport {
  const all = steps.reduce((sum, step) => sum + step.total, 0);
  const earlier = new Map(before?.steps.map((step) => [step.step_id, step.p50]));
  return {
    ...viewTest(actor, { row, runs }),
    steps: steps.toSorted((a, b) => b.total - a.total).map((step) => viewStep({ step, all, before: earlier.get(step.step_id) ?? null })),
    before: before && { id: before.row.id, version: before.row.version, createdAt: before.row.created_at.toISOString(), ms: before.ms },
  };
}

function viewStep({ step, all, before }: { step: MeasuredStep; all: number; before: number | null }): StepPerformance {
  const { step_id, use, count, failed, retried, p50, p95, most, total, rows_in, rows_out } = step;
  const rows = rows_in || rows_out;
  return {
    step: step_id,
    use,
    count,
    failed,
    retried,
    ms: { p50, p95, most },
    share: all > 0 ? total / all : 0,
    rowsIn: rows_in,
    rowsOut: rows_out,
    rowsPerSecond: rows && total > 0 ? (rows * 1_000) / total : null,
    before,
  };
}

/** Null while none has ended. */
export function spreadOf(runs: MeasuredRun[]): Spread | null {
  const sorted = timed(runs)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95), most: at(1) };
}

function ratePerMinute(runs: MeasuredRun[]): number | null {
  const ended = timed(runs);
  const first = Math.min(...ended.map((run) => run.from));
  const last = Math.max(...ended.map((run) => run.from + run.ms));
  return last > first ? (ended.length * 60_000) / (last - first) : null;
}

/** Those that began and ended, and that nobody cancelled. */
function timed(runs: MeasuredRun[]): { id: string; number: number; from: number; ms: number }[] {
  return runs.flatMap(({ id, number, state, started_at, finished_at }) =>
    started_at && finished_at && state !== 'cancelled' ? [{ id, number, from: started_at.getTime(), ms: finished_at.getTime() - started_at.getTime() }] : [],
  );
}
