import { Button } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { activateSchedule, archiveSchedule, pauseSchedule, restoreSchedule } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';
import { RunNowDialog } from '../../shared/schedules/RunNowDialog.tsx';
import { useCan } from '../../shared/session.ts';

type Params = { params: { slug: string } };
const verbs = {
  pause: (input: Params) => api.call(pauseSchedule, input),
  activate: (input: Params) => api.call(activateSchedule, input),
  restore: (input: Params) => api.call(restoreSchedule, input),
};

export function ScheduleActions({ schedule, canEdit }: { schedule: Schedule; canEdit: boolean }) {
  const attributes = { flow: schedule.definition.flow, folder: schedule.folder, kind: schedule.kind };
  const canRun = useCan('flow.run', attributes);
  const canRestore = useCan('schedule.edit', { ...attributes, schedule: schedule.slug });
  const queries = useQueryClient();
  const [isRunning, setRunning] = useState(false);
  const params = { slug: schedule.slug };
  const refresh = () => queries.invalidateQueries({ queryKey: ['schedules'] });
  const change = useMutation({
    mutationFn: (verb: keyof typeof verbs) => verbs[verb]({ params }),
    onSuccess: refresh,
    onError: (error) => announce(error.message),
  });
  const archive = useMutation({ mutationFn: () => api.call(archiveSchedule, { params }), onSuccess: refresh });
  if (schedule.archivedAt)
    return canRestore ? (
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate('restore')} leftSection={<IconArchiveOff size={16} aria-hidden />}>
        Restore
      </Button>
    ) : null;
  return (
    <>
      {canRun && (
        <Button onClick={() => setRunning(true)} leftSection={<IconPlayerTrackNext size={16} aria-hidden />}>
          Run now
        </Button>
      )}
      {canEdit &&
        (schedule.state === 'paused' ? (
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate('activate')} leftSection={<IconPlayerPlay size={16} aria-hidden />}>
            Activate
          </Button>
        ) : (
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate('pause')} leftSection={<IconPlayerPause size={16} aria-hidden />}>
            Pause
          </Button>
        ))}
      {canEdit && (
        <ConfirmButton
          mutation={archive}
          leftSection={<IconArchive size={16} aria-hidden />}
          ask={{
            title: 'Archive this schedule?',
            text: 'It starts nothing any more. Its history stays, and it can be restored.',
            confirm: 'Archive',
            isDanger: true,
          }}
        >
          Archive
        </ConfirmButton>
      )}
      {isRunning && <RunNowDialog schedule={schedule} canCancel={canEdit} onClose={() => setRunning(false)} />}
    </>
  );
}
