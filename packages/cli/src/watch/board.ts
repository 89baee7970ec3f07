// The live picture of a run: one line per step, redrawn in place.
import { progressWords } from '@tidewheel/contract/progress-words';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { tableLines } from '../output/table.ts';
import { paint, paintState, stateText, widthOf } from '../output/terminal.ts';
import { count, elapsed, plain, size } from '../output/text.ts';

const importance: Record<string, number> = { failed: 0, running: 1, waiting: 2, ready: 3, cancelled: 4, succeeded: 5, pending: 6, skipped: 7 };

export function rowsText(step: Pick<StepRun, 'counts' | 'files'>): string {
  const { counts } = step;
  if (counts === null) return '';
  const between = counts.rowsIn !== null && counts.rowsOut !== null ? ' → ' : '';
  const rows = `${count(counts.rowsIn)}${between}${count(counts.rowsOut)}`;
  return rows === '' ? '' : `${rows} rows`;
}

function remarkOf(step: StepRun): string {
  if (step.error && step.state === 'failed') return step.error.message;
  if (step.progress) return progressWords(step.progress, { count, size });
  const rejected = step.counts?.rejected ? [`${count(step.counts.rejected)} rejected`] : [];
  const attempt = step.attempt > 1 ? [`attempt ${step.attempt}`] : [];
  return [...rejected, ...attempt, step.reason ?? ''].filter(Boolean).join(', ');
}

/** At most `height` steps; when there are more, those that need looking at come first and the rest is counted. */
export function stepLines(run: Run, width: number | null, height = Number.POSITIVE_INFINITY): string[] {
  const isCut = run.steps.length > height;
  const chosen = isCut
    ? new Set([...run.steps].sort((a, b) => (importance[a.state] ?? 9) - (importance[b.state] ?? 9)).slice(0, Math.max(1, height - 1)))
    : null;
  const shown = chosen ? run.steps.filter((step) => chosen.has(step)) : run.steps;
  const lines = tableLines<StepRun>(
    [
      { title: 'Step', value: (step) => step.step },
      { title: 'State', value: (step) => stateText(step.state), paint: (_text, step) => paintState(step.state), whole: true },
      { title: 'Time', value: (step) => elapsed(step.startedAt, step.finishedAt), align: 'right' },
      { title: 'Rows', value: rowsText, align: 'right' },
      { title: '', value: remarkOf, paint: (text, step) => paint(step.state === 'failed' ? 'red' : 'dim', text) },
    ],
    shown,
    width,
  ).slice(1);
  return isCut ? [...lines, paint('dim', `… and ${run.steps.length - shown.length} more steps`)] : lines;
}

export function headLine(run: Run): string {
  const done = run.steps.filter((step) => ['succeeded', 'skipped'].includes(step.state)).length;
  return `${paint('bold', `Run ${run.number} of ${plain(run.flow)}`)}  ${paintState(run.state)}  ${done}/${run.steps.length} steps  ${elapsed(run.startedAt ?? run.createdAt, run.finishedAt)}`;
}

/** Draws over what it drew before. For terminals only. */
export class Board {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  draw(run: Run, remark: string | null): void {
    const room = Math.max(3, (this.#stream.rows || 24) - 4);
    const lines = [headLine(run), ...stepLines(run, widthOf(this.#stream), room), ...(remark ? [paint('yellow', remark)] : [])];
    this.clear();
    this.#stream.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  clear(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}
