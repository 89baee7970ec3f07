// One event or log line as one line of text, for output that is no terminal.

import { progressWords } from '@tidewheel/contract/progress-words';
import type { LogLine, Run, RunEvent } from '@tidewheel/contract/run';
import type { StepProgress } from '@tidewheel/contract/step-progress';
import { hasColours } from '../output/terminal.ts';
import { count, instant, plain, size, styled } from '../output/text.ts';
import { rowsText } from './board.ts';

interface EventData {
  counts?: Run['steps'][number]['counts'];
  error?: { message?: unknown };
  reason?: unknown;
  attempt?: unknown;
}

function detailOf(event: RunEvent): string {
  if (event.type === 'step.progressed') return progressWords(event.data as StepProgress, { count, size });
  const data = event.data as EventData;
  const rows = data.counts ? rowsText({ counts: data.counts, files: [] }) : '';
  const message = typeof data.error?.message === 'string' ? data.error.message : '';
  const reason = typeof data.reason === 'string' ? data.reason : '';
  const again = typeof data.attempt === 'number' && data.attempt > 1 && event.type === 'step.started' ? `attempt ${data.attempt}` : '';
  return plain([again, rows, reason.includes(message) ? '' : message, reason].filter(Boolean).join(', '));
}

export function eventText(event: RunEvent): string {
  const what = event.type.replace(/^step\./, '').replace(/^run\./, 'run ');
  return [instant(event.at), event.step ?? '', what, detailOf(event)].filter(Boolean).join('  ');
}

/** Time, level and step of a line. */
export function logHead(line: LogLine): string {
  return `${instant(line.at)}  ${line.level.padEnd(5)}  ${line.step ?? '-'}`;
}

/** With the colours that the step wrote, where the output shows colours. */
export function logText(line: LogLine, isColoured = hasColours(process.stdout)): string {
  return `${logHead(line)}  ${isColoured ? styled(line.text) : plain(line.text)}`;
}
