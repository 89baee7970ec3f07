import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RunSummary } from '@tidewheel/contract/run';
import type { TableColumn } from '../DataTable.tsx';
import { Elapsed } from '../Elapsed.tsx';
import { formatCount } from '../format.ts';
import { StatusBadge } from '../StatusBadge.tsx';
import { Time } from '../Time.tsx';
import { RunMarks } from './RunMarks.tsx';

const count = (value: number | null) => (value === null ? '–' : formatCount(value));

/** The columns of every list of runs. */
export const runColumns: TableColumn<RunSummary>[] = [
  {
    key: 'run',
    title: 'Run',
    isHead: true,
    render: (run) => (
      <>
        <Link to="/runs/$id" params={{ id: run.id }} style={{ fontWeight: 600 }}>
          {run.flowTitle} #{run.number}
        </Link>
        {run.draft && (
          <Text size="xs" c="var(--tw-wait)">
            test of draft {run.version}
          </Text>
        )}
        {run.error && (
          <Text size="xs" c="var(--tw-fail)" lineClamp={2}>
            {run.error.message}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'state',
    title: 'State',
    render: (run) => (
      <>
        <StatusBadge state={run.state} bare /> <RunMarks run={run} />
      </>
    ),
  },
  { key: 'started', title: 'Started', render: (run) => <Time at={run.startedAt ?? run.createdAt} relative /> },
  { key: 'duration', title: 'Duration', align: 'right', render: (run) => <Elapsed startedAt={run.startedAt} finishedAt={run.finishedAt} /> },
  { key: 'in', title: 'Rows in', align: 'right', render: (run) => count(run.rowsIn) },
  { key: 'out', title: 'Rows out', align: 'right', render: (run) => count(run.rowsOut) },
  {
    key: 'rejected',
    title: 'Rejected',
    align: 'right',
    render: (run) => <span style={run.rejected > 0 ? { color: 'var(--tw-wait)', fontWeight: 600 } : undefined}>{formatCount(run.rejected)}</span>,
  },
  { key: 'by', title: 'Started by', isWide: true, render: (run) => run.startedBy },
];
