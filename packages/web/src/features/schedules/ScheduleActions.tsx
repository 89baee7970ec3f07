import { Button, Radio, Stack, Text } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { activateSchedule, archiveSchedule, pauseSchedule, restoreSchedule, runSchedule } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { formatInstant } from '../../shared/format.ts';
import { announce } from '../../shared/notify.ts';
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

function RunNowDialog({ schedule, canCancel, onClose }: { schedule: Schedule; canCancel: boolean; onClose: () => void }) {
  const [next, setNext] = useState<'keep' | 'cancel'>('keep');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () => api.call(runSchedule, { params: { slug: schedule.slug }, body: { next } }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      await navigate({ to: '/runs/$id', params: { id }, search: {} });
    },
  });
  return (
    <FormDialog title={`Run ${schedule.definition.title} now`} mutation={{ ...run, mutate: () => run.mutate() }} action="Run now" onClose={onClose}>
      <Text size="sm">The run starts in your name, with the parameters of the schedule as of now.</Text>
      {schedule.nextAt && (
        <Radio.Group label={`The next moment, ${formatInstant(schedule.nextAt)}`} value={next} onChange={(value) => setNext(value as typeof next)}>
          <Stack gap={6} mt={6}>
            <Radio value="keep" label="stays as planned" />
            <Radio value="cancel" label="is left out: this run stands for it" disabled={!canCancel} />
          </Stack>
        </Radio.Group>
      )}
    </FormDialog>
  );
}
