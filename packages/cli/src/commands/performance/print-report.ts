import type { PerformanceReport, PerformanceTest, Spread, StepPerformance } from '@tidewheel/contract/routes/performance';
import type { Printer } from '../../output/printer.ts';
import type { TableColumn } from '../../output/table.ts';
import { count, instant, plain } from '../../output/text.ts';

export function progressText({ progress: { total, over, failed, cancelled } }: PerformanceTest): string {
  const parts = [`${count(over)} of ${count(total)} over`, failed > 0 ? `${count(failed)} failed` : '', cancelled > 0 ? `${count(cancelled)} cancelled` : ''];
  return parts.filter(Boolean).join(', ');
}

export function milliseconds(ms: number | null): string {
  if (ms === null) return '';
  return ms < 1_000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function spread({ p50, p95, most }: Spread): string {
  return `${milliseconds(p50)} median, ${milliseconds(p95)} 95th percentile, ${milliseconds(most)} most`;
}

const columns: TableColumn<StepPerformance>[] = [
  { title: 'Step', value: (step) => step.step, whole: true },
  { title: 'Ended', value: (step) => count(step.count) },
  { title: 'Median', value: (step) => milliseconds(step.ms.p50) },
  { title: 'p95', value: (step) => milliseconds(step.ms.p95) },
  { title: 'Most', value: (step) => milliseconds(step.ms.most) },
  { title: 'Share', value: (step) => `${Math.round(step.share * 100)} %` },
  { title: 'Rows/s', value: (step) => (step.rowsPerSecond === null ? '' : count(Math.round(step.rowsPerSecond))), optional: true },
  { title: 'Before', value: (step) => milliseconds(step.before), optional: true },
  { title: 'Failed', value: (step) => (step.failed > 0 ? count(step.failed) : ''), optional: true },
];

export function printReport(print: Printer, report: PerformanceReport): void {
  const { before, ms, runsPerMinute, slowest } = report;
  print.facts([
    ['Performance test', report.id],
    ['Flow', `${report.flow}, version ${report.version}${report.mode === 'dry' ? ', dry run' : ''}, ${report.concurrency} at once`],
    ['State', report.state],
    ['Progress', progressText(report)],
    ['Started', `${instant(report.createdAt)} by ${plain(report.createdBy ?? 'somebody')}`],
    ['Runs a minute', runsPerMinute === null ? null : count(Math.round(runsPerMinute))],
    ['A run', ms && spread(ms)],
    ['Before', before && `version ${before.version}, ${instant(before.createdAt)}: ${spread(before.ms)}`],
    ['Slowest', slowest && `run ${slowest.number}, ${milliseconds(slowest.ms)}`],
  ]);
  if (report.steps.length > 0) print.table(columns, report.steps);
}
