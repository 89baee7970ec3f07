// How far a step is, as words for the web and the command line: `45 %, 1.2 GB of 2.7 GB, about 2 min left`.
import { progressUnits } from './progress-units.ts';
import type { StepProgress } from './step-progress.ts';

export interface ProgressFormat {
  count(value: number): string;
  size(bytes: number): string;
}

export function progressWords(progress: StepProgress, format: ProgressFormat): string {
  return [
    ...(progress.percent === undefined ? [] : [`${Math.floor(progress.percent)} %`]),
    ...amountWords(progress, format),
    ...(progress.remainingMs === undefined ? [] : [leftWords(progress.remainingMs)]),
  ].join(', ');
}

function amountWords(progress: StepProgress, { count, size }: ProgressFormat): string[] {
  return progressUnits.flatMap((unit) => {
    const done = progress[unit];
    if (done === undefined) return [];
    const shown = unit === 'bytes' ? size : count;
    const total = progress.unit === unit && progress.total !== undefined ? ` of ${shown(progress.total)}` : '';
    return [`${shown(done)}${total}${unit === 'bytes' ? '' : ` ${unit}`}`];
  });
}

/** A guess is not told more exactly than it is. */
export function leftWords(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 5) return 'a moment left';
  if (seconds < 90) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3_600)} h left`;
}
