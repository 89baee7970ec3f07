import { useQueryClient } from '@tanstack/react-query';
import type { LiveStatus } from '@tidewheel/client/live';
import { isFinal } from '@tidewheel/client/states';
import type { Run, RunEvent } from '@tidewheel/contract/run';
import { useEffect, useState } from 'react';
import { live } from '../../shared/live.ts';
import { applyEvent } from './run-events.ts';
import { runArtifactsQuery, runDeliveriesQuery, runQuery } from './runs.queries.ts';

/** At most one refresh of the whole run in this time; events change the page at once in between. */
const refreshEveryMs = 800;
/** A cursor that no line comes after: this subscription wants the events only. */
const noLines = 2_147_483_647;

/** Keeps the cached run current while it runs: events once per animation frame, the full run soon after. */
export function useLiveRun(run: Run | undefined): LiveStatus | null {
  const queries = useQueryClient();
  const [status, setStatus] = useState<LiveStatus | null>(null);
  const id = run?.id;
  const isOver = run === undefined || isFinal(run.state);
  const after = run?.lastEvent ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `after` is where following starts, not a reason to start again
  useEffect(() => {
    if (id === undefined || isOver) return;
    const key = runQuery(id).queryKey;
    let waiting: RunEvent[] = [];
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: key });
      void queries.invalidateQueries({ queryKey: runArtifactsQuery(id).queryKey });
      void queries.invalidateQueries({ queryKey: runDeliveriesQuery(id).queryKey });
    };
    const flush = () => {
      frame = 0;
      const events = waiting;
      waiting = [];
      queries.setQueryData(key, (old: Run | undefined) => (old ? events.reduce(applyEvent, old) : old));
      // Progress says all there is to know.
      if (events.some((event) => event.type !== 'step.progressed')) timer ??= setTimeout(refresh, refreshEveryMs);
    };
    const onEvent = (event: RunEvent) => {
      waiting.push(event);
      if (frame === 0) frame = requestAnimationFrame(flush);
    };
    const leave = live().followRun({ run: id, after, afterLog: noLines }, { onEvent });
    const unlisten = live().onStatus(setStatus);
    return () => {
      leave();
      unlisten();
      cancelAnimationFrame(frame);
      // The last event ends the following: what it announced must still be fetched.
      if (timer !== undefined || waiting.length > 0) refresh();
      clearTimeout(timer);
    };
  }, [id, isOver, queries]);
  return isOver ? null : status;
}
