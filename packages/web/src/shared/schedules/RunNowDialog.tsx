import { Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { runSchedule } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { useState } from 'react';
import { api } from '../api.ts';
import { FormDialog } from '../FormDialog.tsx';
import { formatInstant } from '../format.ts';

/** A run by hand, with what becomes of the next moment. */
export function RunNowDialog({ schedule, canCancel, onClose }: { schedule: Schedule; canCancel: boolean; onClose: () => void }) {
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
