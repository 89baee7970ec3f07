import { Group, Progress, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { cancelPerformanceTest } from '@tidewheel/client/routes';
import type { PerformanceReport, Spread, StepPerformance } from '@tidewheel/contract/routes/performance';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { performanceReportQuery } from './performance.queries.ts';

/** What a performance test has measured, step by step, beside the one before. */
export function PerformanceDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery({ ...performanceReportQuery(id), refetchInterval: ({ state }) => (state.data?.state === 'running' ? 2_000 : false) });
  return (
    <SideDrawer title={query.data ? `${query.data.flowTitle}, version ${query.data.version}` : 'Performance test'} onClose={onClose}>
      <Loaded query={query}>{(report) => <Report report={report} />}</Loaded>
    </SideDrawer>
  );
}

function Report({ report }: { report: PerformanceReport }) {
  const { progress, ms, before, slowest, runsPerMinute } = report;
  return (
    <>
      <Progress value={(100 * progress.over) / progress.total} size="md" mb="xs" aria-label="Runs that are over" />
      <Group justify="space-between" mb="sm">
        <Text size="sm">{progressWords(report)}</Text>
        {report.state === 'running' && <CancelButton id={report.id} />}
      </Group>
      <PairList
        pairs={[
          ['How', `${formatCount(progress.total)} runs, ${report.concurrency} at once${report.mode === 'dry' ? ', dry' : ''}`],
          ['Started', <Time key="at" at={report.createdAt} />],
          ['Runs a minute', runsPerMinute === null ? '–' : formatCount(Math.round(runsPerMinute))],
          ['A run', ms ? spreadWords(ms) : '–'],
          ['Before', before ? `version ${before.version}: ${spreadWords(before.ms)}` : 'No such test was done before'],
          [
            'Slowest',
            slowest ? (
              <Link key="slowest" to="/runs/$id" params={{ id: slowest.run }}>
                #{slowest.number}, {formatDuration(slowest.ms)}
              </Link>
            ) : (
              '–'
            ),
          ],
        ]}
      />
      {report.steps.length > 0 && (
        <div style={{ marginTop: 16 }}>
          <DataTable label="Steps" columns={columns} rows={report.steps} rowKey={(step) => step.step} />
        </div>
      )}
    </>
  );
}

export function progressWords({ progress: { over, total, failed, cancelled } }: Pick<PerformanceReport, 'progress'>): string {
  const parts = [`${formatCount(over)} of ${formatCount(total)} over`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (cancelled > 0) parts.push(`${formatCount(cancelled)} cancelled`);
  return parts.join(', ');
}

function spreadWords({ p50, p95, most }: Spread): string {
  return `${formatDuration(p50)} median, ${formatDuration(p95)} at 95 %, ${formatDuration(most)} most`;
}

const columns: TableColumn<StepPerformance>[] = [
  {
    key: 'step',
    title: 'Step',
    isHead: true,
    render: (step) => (
      <>
        <Text size="sm" fw={600}>
          {step.step}
        </Text>
        <Text size="xs" c="dimmed">
          {step.use}
          {step.failed > 0 && `, ${formatCount(step.failed)} failed`}
          {step.retried > 0 && `, ${formatCount(step.retried)} tried again`}
        </Text>
      </>
    ),
  },
  { key: 'share', title: 'Share', align: 'right', render: (step) => `${Math.round(step.share * 100)} %` },
  { key: 'p50', title: 'Median', align: 'right', render: (step) => formatDuration(step.ms.p50) },
  { key: 'p95', title: '95 %', align: 'right', render: (step) => formatDuration(step.ms.p95) },
  { key: 'before', title: 'Before', align: 'right', render: (step) => (step.before === null ? '–' : formatDuration(step.before)) },
  { key: 'rows', title: 'Rows/s', align: 'right', render: (step) => (step.rowsPerSecond === null ? '–' : formatCount(Math.round(step.rowsPerSecond))) },
];

function CancelButton({ id }: { id: string }) {
  const queries = useQueryClient();
  const canCancel = useCan('run.cancel');
  const cancel = useMutation({
    mutationFn: () => api.call(cancelPerformanceTest, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['performance'] }),
  });
  if (!canCancel) return null;
  const ask = { title: 'Cancel this performance test?', text: 'Its runs that are not over are cancelled.', confirm: 'Cancel the test', isDanger: true };
  return (
    <ConfirmButton ask={ask} mutation={cancel} size="xs">
      Cancel
    </ConfirmButton>
  );
}
