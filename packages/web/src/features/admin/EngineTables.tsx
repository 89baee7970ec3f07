import { Text } from '@mantine/core';
import { IconServer } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { EngineQueue, EngineStatus, EngineWorker } from '@tidewheel/contract/routes/engine';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatCount } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { DrainButton } from './DrainButton.tsx';

const stateWords: Record<EngineWorker['state'], { state: string; label: string }> = {
  working: { state: 'ok', label: 'Takes work' },
  paused: { state: 'waiting', label: 'Paused' },
  draining: { state: 'waiting', label: 'Draining' },
  drained: { state: 'archived', label: 'Drained' },
  silent: { state: 'failed', label: 'No sign of life' },
};

const queueColumns: TableColumn<EngineQueue>[] = [
  { key: 'tag', title: 'Tag', isHead: true, render: (queue) => queue.tag },
  { key: 'workers', title: 'Workers', align: 'right', render: (queue) => (queue.workers === 0 ? <NoWorker /> : formatCount(queue.workers)) },
  { key: 'held', title: 'Running', align: 'right', render: (queue) => `${formatCount(queue.held)} of ${formatCount(queue.places)}` },
  { key: 'ready', title: 'Waiting', align: 'right', render: (queue) => formatCount(queue.ready) },
  { key: 'oldest', title: 'Oldest since', render: (queue) => <Time at={queue.oldestAt} relative /> },
  { key: 'delayed', title: 'For later', align: 'right', render: (queue) => formatCount(queue.delayed) },
  { key: 'rate', title: 'Steps per minute', align: 'right', render: (queue) => formatCount(queue.perMinute) },
];

function NoWorker() {
  return (
    <Text component="span" size="sm" c="var(--tw-fail)">
      none
    </Text>
  );
}

export function QueueTable({ queues }: Pick<EngineStatus, 'queues'>) {
  return <DataTable label="Queues" columns={queueColumns} rows={queues} rowKey={(queue) => queue.tag} />;
}

function workerColumns(canEdit: boolean): TableColumn<EngineWorker>[] {
  return [
    { key: 'host', title: 'Worker', isHead: true, render: (worker) => `${worker.host}, process ${worker.pid}` },
    { key: 'state', title: 'State', isWide: true, render: (worker) => <WorkerState worker={worker} /> },
    { key: 'tags', title: 'Tags', render: (worker) => worker.tags.join(', ') || '–' },
    { key: 'load', title: 'Load', align: 'right', render: (worker) => `${formatCount(worker.held)} of ${formatCount(worker.concurrency)}` },
    { key: 'runs', title: 'Runs', isWide: true, render: (worker) => <WorkerRuns worker={worker} /> },
    { key: 'beat', title: 'Last sign of life', render: (worker) => <Time at={worker.beatAt} relative /> },
    { key: 'since', title: 'Since', render: (worker) => <Time at={worker.startedAt} relative /> },
    { key: 'version', title: 'Version', render: (worker) => worker.version || '–' },
    ...(canEdit ? [{ key: 'drain', title: '', render: (worker: EngineWorker) => <DrainButton worker={worker} /> }] : []),
  ];
}

function WorkerState({ worker: { state, drain } }: { worker: EngineWorker }) {
  return (
    <>
      <StatusBadge {...stateWords[state]} bare />
      {drain && (
        <Text size="xs" c="dimmed">
          by {drain.by} <Time at={drain.at} relative />
        </Text>
      )}
    </>
  );
}

function WorkerRuns({ worker: { runs, held } }: { worker: EngineWorker }) {
  const shown = runs.slice(0, 5);
  const further = held - shown.length;
  if (held === 0) return '–';
  return (
    <>
      {shown.map(({ run, number, flow, step }) => (
        <div key={`${run} ${step}`}>
          <Link to="/runs/$id" params={{ id: run }} search={{ step }}>
            {flow} #{number} · {step}
          </Link>
        </div>
      ))}
      {further > 0 && (
        <Text size="xs" c="dimmed">
          {shown.length > 0 ? `and ${formatCount(further)} more` : `${formatCount(further)}, not yours to see`}
        </Text>
      )}
    </>
  );
}

export function WorkerTable({ workers, canEdit }: Pick<EngineStatus, 'workers'> & { canEdit: boolean }) {
  if (workers.length === 0)
    return (
      <EmptyState icon={IconServer} title="No worker is alive">
        Runs wait until one is. Start the server with the role worker.
      </EmptyState>
    );
  return <DataTable label="Workers" columns={workerColumns(canEdit)} rows={workers} rowKey={(worker) => worker.id} />;
}
