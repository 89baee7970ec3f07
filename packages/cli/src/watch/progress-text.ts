// How far a step is, as words: `45 %, 1.2 GB of 2.7 GB, about 2 min left`.
import { progressUnits } from '@tidewheel/contract/progress-units';
import type { StepProgress } from '@tidewheel/contract/step-progress';
import { count, size } from '../output/text.ts';

function amountText(progress: StepProgress): string[] {
  return progressUnits.flatMap((unit) => {
    const done = progress[unit];
    if (done === undefined) return [];
    const total = progress.unit === unit ? progress.total : undefined;
    if (unit === 'bytes') return [total === undefined ? size(done) : `${size(done)} of ${size(total)}`];
    return [`${total === undefined ? count(done) : `${count(done)} of ${count(total)}`} ${unit}`];
  });
}

/** `about 40 s left`; a guess needs no more than that. */
export function leftText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 5) return 'a moment left';
  if (seconds < 90) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3_600)} h left`;
}

export function progressText(progress: StepProgress): string {
  return [
    ...(progress.percent === undefined ? [] : [`${Math.floor(progress.percent)} %`]),
    ...amountText(progress),
    ...(progress.remainingMs === undefined ? [] : [leftText(progress.remainingMs)]),
  ].join(', ');
}
