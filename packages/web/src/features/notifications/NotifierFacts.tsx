import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { startNotifier, stopNotifier } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { notifierQuery } from './notifications.queries.ts';

/** How the worker stands that sends, and its switch. */
export function NotifierFacts() {
  const status = useQuery(notifierQuery).data;
  const canEdit = useCan('system.edit');
  const queries = useQueryClient();
  const done = { onSuccess: (after: NonNullable<typeof status>) => queries.setQueryData(notifierQuery.queryKey, after) };
  const stop = useMutation({ mutationFn: () => api.call(stopNotifier), ...done });
  const start = useMutation({ mutationFn: () => api.call(startNotifier), ...done });
  if (!status) return null;
  const state = !status.running ? 'stopped' : status.alive ? 'active' : 'degraded';
  const label = !status.running ? `Stopped by ${status.stoppedBy}` : status.alive ? 'Sending' : 'No scheduler works';
  return (
    <Group gap="sm">
      <StatusBadge state={state} label={label} bare />
      <span>
        {status.events + status.waiting} waiting, {status.failed} given up{status.unknown > 0 && `, ${status.unknown} unknown`}
      </span>
      {canEdit &&
        (status.running ? (
          <ConfirmButton
            size="compact-xs"
            ask={{ title: 'Stop sending?', text: 'Nothing goes out until it is started again. What happens meanwhile is kept.', confirm: 'Stop' }}
            mutation={stop}
          >
            Stop
          </ConfirmButton>
        ) : (
          <Button size="compact-xs" loading={start.isPending} onClick={() => start.mutate()}>
            Start
          </Button>
        ))}
    </Group>
  );
}
