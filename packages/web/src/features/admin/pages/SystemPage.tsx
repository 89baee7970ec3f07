import { Title } from '@mantine/core';
import { IconServer } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { WorkerInfo } from '@tidewheel/contract/routes/system';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatDuration } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';
import { readyQuery, workersQuery } from '../admin.queries.ts';

const columns: TableColumn<WorkerInfo>[] = [
  { key: 'host', title: 'Worker', isHead: true, render: (worker) => `${worker.host}, process ${worker.pid}` },
  { key: 'tags', title: 'Tags', render: (worker) => worker.tags.join(', ') || '–' },
  { key: 'leases', title: 'Runs it holds', align: 'right', render: (worker) => worker.leases },
  { key: 'beat', title: 'Last sign of life', render: (worker) => <Time at={worker.beatAt} relative /> },
  { key: 'since', title: 'Since', render: (worker) => <Time at={worker.startedAt} relative /> },
];

/** Whether the parts of the server answer, and the workers that are alive. */
export function SystemPage() {
  const health = useQuery(readyQuery);
  const workers = useQuery(workersQuery);
  return (
    <>
      <PageHeader title="System" facts={health.data && <StatusBadge state={health.data.status} />} />
      <Title order={2} mb="xs">
        Parts
      </Title>
      <div className="tw-card" style={{ marginBottom: 24 }}>
        <Loaded query={health} lines={3}>
          {(answer) => (
            <DataTable
              label="Parts"
              rows={answer.checks}
              rowKey={(check) => check.name}
              columns={[
                { key: 'name', title: 'Part', isHead: true, render: (check) => check.name },
                {
                  key: 'ok',
                  title: 'State',
                  render: (check) => <StatusBadge state={check.ok ? 'ok' : 'failed'} label={check.ok ? 'Answers' : 'Does not answer'} bare />,
                },
                { key: 'ms', title: 'Time', align: 'right', render: (check) => formatDuration(check.ms) },
              ]}
            />
          )}
        </Loaded>
      </div>
      <Title order={2} mb="xs">
        Workers
      </Title>
      <div className="tw-card">
        <Loaded query={workers} lines={3}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconServer} title="No worker is alive">
                Runs wait until one is. Start the server with the role worker.
              </EmptyState>
            ) : (
              <DataTable label="Workers" columns={columns} rows={all} rowKey={(worker) => worker.id} />
            )
          }
        </Loaded>
      </div>
    </>
  );
}
