import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EngineStatus } from '@tidewheel/contract/routes/engine';
import { DataTable } from '../../../shared/DataTable.tsx';
import { formatDuration } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { readyQuery } from '../admin.queries.ts';
import { Backlog } from '../Backlog.tsx';
import { EngineSwitch } from '../EngineSwitch.tsx';
import { QueueTable, WorkerTable } from '../EngineTables.tsx';
import { engineQuery, useLiveEngine } from '../engine.queries.ts';

/** Who works and what waits, the switches over them, and whether the parts of the server answer. */
export function SystemPage() {
  const health = useQuery(readyQuery);
  const engine = useQuery(engineQuery);
  useLiveEngine();
  const canEdit = useCan('system.edit');
  const paused = engine.data?.paused ?? null;
  return (
    <>
      <PageHeader
        title="Engine"
        facts={
          <>
            {engine.data && <StatusBadge state={paused ? 'waiting' : 'ok'} label={paused ? 'No work is taken' : 'Takes work'} />}
            {paused && <Paused paused={paused} />}
          </>
        }
        actions={canEdit && engine.data && <EngineSwitch paused={paused} />}
      />
      <Title order={2} mb="xs">
        Workers
      </Title>
      <div className="tw-card" style={{ marginBottom: 24 }}>
        <Loaded query={engine} lines={3}>
          {({ workers }) => <WorkerTable workers={workers} canEdit={canEdit} />}
        </Loaded>
      </div>
      <Title order={2} mb="xs">
        Queues
      </Title>
      <div className="tw-card" style={{ marginBottom: 24 }}>
        <Loaded query={engine} lines={2}>
          {({ queues }) => <QueueTable queues={queues} />}
        </Loaded>
      </div>
      <Title order={2} mb="xs">
        On their way
      </Title>
      <div className="tw-card" style={{ marginBottom: 24 }}>
        <Loaded query={engine} lines={2}>
          {({ backlog }) => <Backlog backlog={backlog} />}
        </Loaded>
      </div>
      <Title order={2} mb="xs">
        Parts
      </Title>
      <div className="tw-card">
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
    </>
  );
}

function Paused({ paused: { by, at, reason } }: { paused: NonNullable<EngineStatus['paused']> }) {
  return (
    <span>
      stopped by {by} <Time at={at} relative />
      {reason && `: ${reason}`}
    </span>
  );
}
