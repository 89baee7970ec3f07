import { listLogs } from '@tidewheel/client/routes';
import type { LogLine, Run } from '@tidewheel/contract/run';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { live } from '../../../shared/live.ts';
import { filterLines } from './log-filter.ts';
import { emptyLog, heldLines, type LogView, LogWindow } from './log-window.ts';

/** A cursor that no event comes after: this subscription wants the lines only. */
const noEvents = 2_147_483_647;

export interface LogChoice {
  level: LogLine['level'] | undefined;
  step: string | null;
}
export interface RunLog extends LogView {
  window: LogWindow;
}

/** The log of a run: a stretch of it, its end at first, and what is added to that. */
export function useRunLog(run: Run, { level, step }: LogChoice): RunLog {
  const [view, setView] = useState<LogView>(emptyLog);
  const { id } = run;
  const last = useRef(run.lastLog);
  last.current = run.lastLog;
  const window = useMemo(() => {
    const choice = { level, step };
    const query = { level, step: step ?? undefined };
    return new LogWindow(
      {
        isFiltered: level !== undefined || step !== null,
        read: (after, limit) => api.call(listLogs, { params: { id }, query: { ...query, after, limit } }),
        follow: (after, onLines) => followLines({ run: id, after, onLines: (lines) => onLines(filterLines(lines, choice)) }),
      },
      setView,
    );
  }, [id, level, step]);
  useEffect(() => {
    setView(emptyLog);
    void window.open(last.current);
    return () => window.close();
  }, [window]);
  return { ...view, window };
}

/** Lines as they come, together once per animation frame. */
function followLines({ run, after, onLines }: { run: string; after: number; onLines: (lines: LogLine[]) => void }): () => void {
  let waiting: LogLine[] = [];
  let frame = 0;
  const flush = () => {
    frame = 0;
    const coming = waiting;
    waiting = [];
    onLines(coming);
  };
  const onLog = (line: LogLine) => {
    waiting.push(line);
    // Nothing is drawn in a tab in the background.
    if (waiting.length > 2 * heldLines) waiting = waiting.slice(-heldLines);
    if (frame === 0) frame = requestAnimationFrame(flush);
  };
  const leave = live().followRun({ run, after: noEvents, afterLog: after }, { onLog });
  return () => {
    leave();
    cancelAnimationFrame(frame);
  };
}
