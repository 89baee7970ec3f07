import { listLogs } from '@tidewheel/client/routes';
import type { LogLine } from '@tidewheel/contract/run';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../shared/api.ts';
import { live } from '../../shared/live.ts';

/** More lines than this are not held in the page; the command line streams them all. */
export const shownLines = 100_000;
const pageSize = 5_000;
/** A cursor that no event comes after: this subscription wants the lines only. */
const noEvents = 2_147_483_647;

export interface RunLog {
  lines: LogLine[];
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
}

/** All log lines of a run: those written so far page by page, then the live ones, drawn once per animation frame. */
export function useRunLog(run: string): RunLog {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is the retry
  useEffect(() => {
    const abort = new AbortController();
    const buffer = bufferLines(setLines);
    let leave: () => void = () => undefined;
    setLines([]);
    setLoading(true);
    setError(null);
    readWritten({ run, signal: abort.signal, add: buffer.add })
      .then((last) => {
        setLoading(false);
        if (!abort.signal.aborted) leave = live().followRun({ run, after: noEvents, afterLog: last }, { onLog: (line) => buffer.add([line]) });
      })
      .catch((thrown: unknown) => {
        if (!abort.signal.aborted) setError(thrown as Error);
      });
    return () => {
      abort.abort();
      leave();
      buffer.stop();
    };
  }, [run, attempt]);
  return { lines, isLoading, error, retry: useCallback(() => setAttempt((count) => count + 1), []) };
}

async function readWritten(from: { run: string; signal: AbortSignal; add: (lines: LogLine[]) => void }): Promise<number> {
  let after = 0;
  for (let read = 0; read < shownLines; ) {
    const page = await api.call(listLogs, { params: { id: from.run }, query: { after, limit: pageSize } }, { signal: from.signal });
    from.add(page);
    after = page.at(-1)?.seq ?? after;
    read += page.length;
    if (page.length < pageSize) break;
  }
  return after;
}

function bufferLines(show: (change: (old: LogLine[]) => LogLine[]) => void) {
  let waiting: LogLine[] = [];
  let frame = 0;
  const flush = () => {
    frame = 0;
    const added = waiting;
    waiting = [];
    show((old) => [...old, ...added].slice(-shownLines));
  };
  return {
    add(lines: LogLine[]) {
      waiting.push(...lines);
      if (frame === 0 && waiting.length > 0) frame = requestAnimationFrame(flush);
    },
    stop: () => cancelAnimationFrame(frame),
  };
}
