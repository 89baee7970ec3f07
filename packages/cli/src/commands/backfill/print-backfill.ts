import type { Backfill } from '@tidewheel/contract/routes/backfills';
import type { Printer } from '../../output/printer.ts';
import { count, instant, plain } from '../../output/text.ts';

export function progressText({ progress: { total, succeeded, failed, cancelled, running } }: Backfill): string {
  const parts = [`${count(succeeded)} of ${count(total)} succeeded`, running > 0 ? `${count(running)} run` : '', failed > 0 ? `${count(failed)} failed` : ''];
  return [...parts, cancelled > 0 ? `${count(cancelled)} cancelled` : ''].filter(Boolean).join(', ');
}

export function printBackfill(print: Printer, backfill: Backfill): void {
  print.facts([
    ['Backfill', backfill.id],
    ['Flow', backfill.flow],
    ['Range', `${backfill.parameter} from ${backfill.from} to ${backfill.to}, each ${backfill.every}, ${backfill.concurrency} at once`],
    ['State', backfill.state],
    ['Progress', progressText(backfill)],
    ['Started', `${instant(backfill.createdAt)} by ${plain(backfill.createdBy ?? 'somebody')}`],
    ['Failed', backfill.failed.length > 0 ? backfill.failed.map(({ number, date }) => `${date} (run ${number})`).join(', ') : null],
  ]);
}
