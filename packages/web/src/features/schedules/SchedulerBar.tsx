import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { startScheduler, stopScheduler } from '@tidewheel/client/routes';
import type { SchedulerStatus } from '@tidewheel/contract/routes/schedules';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { schedulerQuery } from './schedules.queries.ts';

/** Whether anything fires at all, and how today went. */
export function SchedulerBar() {
  const status = useQuery(schedulerQuery).data;
  const canStop = useCan('system.edit');
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const start = useMutation({ mutationFn: () => api.call(startScheduler), onSuccess: () => queries.invalidateQueries({ queryKey: ['scheduler'] }) });
  if (!status) return null;
  return (
    <Group component="section" aria-label="Scheduler" className="tw-card" gap="sm" px="md" py="xs" mb="sm" justify="space-between">
      <Group gap="sm">
        <SchedulerState status={status} />
        <Text size="sm" component="span">
          {formatCount(status.active)} active, {formatCount(status.today.fired)} fired today
          {status.today.failed > 0 && `, ${formatCount(status.today.failed)} failed`}
          {status.today.late > 0 && `, ${formatCount(status.today.late)} more than a second late`}
          {status.today.p99Ms !== null && ` (99% within ${formatDuration(status.today.p99Ms)})`}
        </Text>
        {status.nextAt && (
          <Text size="sm" component="span">
            next <Time at={status.nextAt} relative />
          </Text>
        )}
        {status.due > 0 && <Text size="sm" component="span">{`${formatCount(status.due)} due now`}</Text>}
      </Group>
      {canStop &&
        (status.stopped ? (
          <Button size="xs" loading={start.isPending} onClick={() => start.mutate()} leftSection={<IconPlayerPlay size={14} aria-hidden />}>
            Fire again
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => setAsking(true)} leftSection={<IconPlayerStop size={14} aria-hidden />}>
            Stop all firing
          </Button>
        ))}
      {isAsking && <StopDialog onClose={() => setAsking(false)} />}
    </Group>
  );
}

function SchedulerState({ status: { stopped, processes } }: { status: SchedulerStatus }) {
  if (stopped)
    return (
      <Group gap={6}>
        <StatusBadge state="stopped" label="Nothing fires" />
        <Text size="sm" component="span">
          stopped by {stopped.by} <Time at={stopped.at} relative />
          {stopped.reason && `: ${stopped.reason}`}
        </Text>
      </Group>
    );
  if (processes.length === 0) return <StatusBadge state="failed" label="Nobody fires schedules" />;
  return <StatusBadge state="active" label={processes.length === 1 ? 'Firing' : `Firing in ${processes.length} processes`} />;
}

function StopDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: () => api.call(stopScheduler, { body: { reason: reason.trim() || undefined } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['scheduler'] });
      onClose();
    },
  });
  return (
    <FormDialog title="Stop all firing" mutation={{ ...stop, mutate: () => stop.mutate() }} action="Stop" isDanger onClose={onClose}>
      <Text size="sm">No schedule of the installation fires until somebody lets it go on. What is due meanwhile is seen to by the misfire policy of each.</Text>
      <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </FormDialog>
  );
}
