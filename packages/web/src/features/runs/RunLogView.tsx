import { Group, SegmentedControl, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { useMemo, useState } from 'react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatCount } from '../../shared/format.ts';
import { useSearchText } from '../../shared/use-search-text.ts';
import { LogLines } from './LogLines.tsx';
import { filterLines } from './log-filter.ts';
import { useRunLog } from './use-run-log.ts';

const route = getRouteApi('/app/runs/$id');
const levels = [
  { value: 'debug', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warn' },
  { value: 'error', label: 'Error' },
];

/** The log of a run, live, with level, text and step filters. Level and text live in the address. */
export function RunLogView({ run, step }: { run: Run; step: string | null }) {
  const log = useRunLog(run.id);
  const { level, q } = route.useSearch();
  const navigate = route.useNavigate();
  const [isOneStep, setOneStep] = useState(step !== null);
  const search = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true, resetScroll: false }));
  const shownStep = isOneStep ? step : null;
  const lines = useMemo(() => filterLines(log.lines, { level, step: shownStep, text: q }), [log.lines, level, shownStep, q]);
  const changeLevel = (value: string) =>
    void navigate({ search: (old) => ({ ...old, level: value === 'debug' ? undefined : (value as 'info') }), replace: true, resetScroll: false });
  if (log.error)
    return (
      <div style={{ padding: 12 }}>
        <ErrorNotice error={log.error} onRetry={log.retry} />
      </div>
    );
  return (
    <div>
      <Group gap="sm" p="xs">
        <SegmentedControl size="xs" data={levels} value={level ?? 'debug'} onChange={changeLevel} aria-label="Least level" />
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder="Search the log"
          aria-label="Search the log"
          value={search.text}
          onChange={(event) => search.change(event.currentTarget.value)}
          style={{ flex: '1 1 140px', maxWidth: 320 }}
        />
        {step && <Switch size="xs" label={`Only ${step}`} checked={isOneStep} onChange={(event) => setOneStep(event.currentTarget.checked)} />}
        <Text size="xs" c="dimmed" ml="auto" aria-live="off">
          {lines.length === log.lines.length ? formatCount(lines.length) : `${formatCount(lines.length)} of ${formatCount(log.lines.length)}`} lines
        </Text>
      </Group>
      <LogLines
        lines={lines}
        emptyText={emptyText({ isLoading: log.isLoading, hasLines: log.lines.length > 0, isOver: isFinal(run.state), step: q || level ? null : shownStep })}
        search={q}
      />
    </div>
  );
}

function emptyText(log: { isLoading: boolean; hasLines: boolean; isOver: boolean; step: string | null }): string {
  if (log.isLoading) return 'Loading the log…';
  if (log.hasLines && log.step) return `The step ${log.step} wrote no log lines. Switch off “Only ${log.step}” to see those of the whole run.`;
  if (log.hasLines) return 'No line matches these filters.';
  return log.isOver ? 'This run wrote no log lines.' : 'No log lines yet. They appear here as the steps write them.';
}
