import { Group, SegmentedControl, Switch, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { downloadLog } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { useEffect, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { DownloadButton } from '../../../shared/DownloadButton.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { formatCount } from '../../../shared/format.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { LogLines } from './LogLines.tsx';
import { LogSearchBox } from './LogSearchBox.tsx';
import { useLogSearch } from './use-log-search.ts';
import { type RunLog, useRunLog } from './use-run-log.ts';

const route = getRouteApi('/app/runs/$id');
const levels = [
  { value: 'debug', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warn' },
  { value: 'error', label: 'Error' },
];

/** The log of a run, live, by level and step, with a search through all of it. Level and text live in the address. */
export function RunLogView({ run, step }: { run: Run; step: string | null }) {
  const { level, q } = route.useSearch();
  const navigate = route.useNavigate();
  const [isOneStep, setOneStep] = useState(step !== null);
  const choice = { level, step: isOneStep ? step : null };
  const log = useRunLog(run, choice);
  const last = Math.max(run.lastLog, log.lines.at(-1)?.seq ?? 0);
  const search = useLogSearch({ id: run.id, last }, { ...choice, text: q });
  const typed = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true, resetScroll: false }));
  const changeLevel = (value: string) =>
    void navigate({ search: (old) => ({ ...old, level: value === 'debug' ? undefined : (value as 'info') }), replace: true, resetScroll: false });
  const { at, step: stepHit } = useHit(search, { key: `${q} ${level} ${choice.step}`, goTo: log.window.goTo.bind(log.window) });
  const isFiltered = level !== undefined || choice.step !== null;
  return (
    <div>
      <Group gap="sm" p="xs">
        <SegmentedControl size="xs" data={levels} value={level ?? 'debug'} onChange={changeLevel} aria-label="Least level" />
        <LogSearchBox text={typed.text} onText={typed.change} wanted={q} search={search} at={at} onStep={stepHit} />
        {step && <Switch size="xs" label={`Only ${step}`} checked={isOneStep} onChange={(event) => setOneStep(event.currentTarget.checked)} />}
        <Text size="xs" c="dimmed" ml="auto" aria-live="off">
          {countText({ shown: log.lines.length, all: isFiltered ? null : last })}
        </Text>
        {run.lastLog > 0 && (
          <DownloadButton href={api.addressOf(downloadLog, { params: { id: run.id } })} fileName={`${run.flow}-${run.number}.log`} size="compact-xs" />
        )}
      </Group>
      {log.error && (
        <div style={{ padding: 12 }}>
          <ErrorNotice error={log.error} onRetry={() => void log.window.open(last)} />
        </div>
      )}
      <LogLines
        key={`${level} ${choice.step}`}
        log={log}
        last={last}
        emptyText={emptyText({ log, isOver: isFinal(run.state), hasLines: last > 0, level, step: choice.step })}
        wanted={q}
        hit={at === null ? null : (search.hits[at] ?? null)}
      />
    </div>
  );
}

/** Which hit the reader is at: the first once there is one, then the next or the one before. */
function useHit(search: ReturnType<typeof useLogSearch>, { key, goTo }: { key: string; goTo: (seq: number) => Promise<void> }) {
  const [at, setAt] = useState<number | null>(null);
  const go = (to: number) => {
    setAt(to);
    const seq = search.hits[to];
    if (seq !== undefined) void goTo(seq);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins anew
  useEffect(() => setAt(null), [key]);
  const first = search.hits[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first hit of a search is gone to once
  useEffect(() => {
    if (first !== undefined && at === null) go(0);
  }, [first, key]);
  const step = (by: 1 | -1) => {
    const count = search.hits.length;
    const next = (at ?? -1) + by;
    if (next >= count && search.more) return search.lookOn();
    go((next + count) % count);
  };
  return { at: at !== null && at < search.hits.length ? at : null, step };
}

function countText({ shown, all }: { shown: number; all: number | null }): string {
  if (all === null || shown >= all) return `${formatCount(shown)} ${shown === 1 ? 'line' : 'lines'}`;
  return `${formatCount(shown)} of ${formatCount(all)} lines`;
}

function emptyText({
  log,
  isOver,
  hasLines,
  level,
  step,
}: {
  log: RunLog;
  isOver: boolean;
  hasLines: boolean;
  level: string | undefined;
  step: string | null;
}) {
  if (log.isLoading) return 'Loading the log…';
  if (log.error) return null;
  if (hasLines && step && !level) return `The step ${step} wrote no log lines. Switch off “Only ${step}” to see those of the whole run.`;
  if (hasLines) return 'No line matches these filters.';
  return isOver ? 'This run wrote no log lines.' : 'No log lines yet. They appear here as the steps write them.';
}
