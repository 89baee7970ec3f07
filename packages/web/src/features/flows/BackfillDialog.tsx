import { Group, NumberInput, Select, Skeleton, Switch, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { previewBackfill, startBackfill } from '@tidewheel/client/routes';
import { backfillSteps } from '@tidewheel/contract/routes/backfills';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { announce } from '../../shared/notify.ts';

/** The parameters of a flow that are dates. */
function datesOf({ document }: Flow): string[] {
  return Object.entries(document.parameters).flatMap(([name, { type }]) => (type === 'date' ? [name] : []));
}

const everyTitles = { day: 'Every day', weekday: 'Monday to Friday', week: 'Every week', month: 'Every month' };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Runs the flow for every date of a range; what that costs is shown before. */
export function BackfillDialog({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const dates = datesOf(flow);
  const [range, setRange] = useState({
    parameter: dates[0] ?? '',
    from: daysAgo(7),
    to: daysAgo(1),
    every: 'day' as (typeof backfillSteps)[number],
    concurrency: 1,
    skipSucceeded: true,
    mode: 'normal' as 'normal' | 'dry',
  });
  const set = (part: Partial<typeof range>) => setRange((old) => ({ ...old, ...part }));
  const params = { slug: flow.slug };
  const preview = useQuery({
    queryKey: ['backfills', 'preview', flow.slug, range],
    queryFn: () => api.call(previewBackfill, { params, body: range }),
    placeholderData: keepPreviousData,
    enabled: range.from !== '' && range.to !== '',
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => api.call(startBackfill, { params, body: range }),
    onSuccess: async () => {
      announce('The backfill has begun.');
      await queries.invalidateQueries({ queryKey: ['backfills'] });
      await navigate({ to: '/operate/backfills', search: { flow: flow.slug } });
    },
  });
  const runs = preview.data?.runs ?? 0;
  return (
    <FormDialog
      title={`Backfill ${flow.title}`}
      action={runs > 0 ? `Start ${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}` : 'Start'}
      mutation={start}
      disabled={preview.isError || runs === 0}
      onClose={onClose}
    >
      {dates.length > 1 && (
        <Select label="Date parameter" data={dates} value={range.parameter} onChange={(value) => set({ parameter: value ?? '' })} allowDeselect={false} />
      )}
      <Group grow>
        <TextInput type="date" label="From" value={range.from} onChange={(event) => set({ from: event.currentTarget.value })} required />
        <TextInput type="date" label="To" value={range.to} onChange={(event) => set({ to: event.currentTarget.value })} required />
      </Group>
      <Group grow align="flex-start">
        <Select
          label="Each"
          data={backfillSteps.map((value) => ({ value, label: everyTitles[value] }))}
          value={range.every}
          onChange={(value) => set({ every: value as typeof range.every })}
          allowDeselect={false}
        />
        <NumberInput label="At once" min={1} max={100} value={range.concurrency} onChange={(value) => set({ concurrency: Number(value) || 1 })} />
      </Group>
      <Switch
        label="Leave out dates that have succeeded"
        checked={range.skipSucceeded}
        onChange={(event) => set({ skipSucceeded: event.currentTarget.checked })}
      />
      <Switch
        label="Dry run: nothing outside is changed"
        checked={range.mode === 'dry'}
        onChange={(event) => set({ mode: event.currentTarget.checked ? 'dry' : 'normal' })}
      />
      {preview.error && <ErrorNotice error={preview.error} />}
      {!preview.error && !preview.data && <Skeleton height={40} />}
      {preview.data && !preview.error && (
        <Text size="sm">
          {runs === 0 ? 'There is nothing to run in this range.' : `${formatCount(runs)} runs, ${preview.data.concurrency} at once.`}{' '}
          {preview.data.expectedMs === null
            ? 'How long it takes is not known: no run of this flow has succeeded yet.'
            : runs > 0 &&
              `Expected to take ${formatDuration(preview.data.expectedMs)}: the newest runs took ${formatDuration(preview.data.medianMs ?? 0)} each.`}{' '}
          {preview.data.succeeded.length > 0 && `${formatCount(preview.data.succeeded.length)} dates of the range have succeeded already.`}
        </Text>
      )}
    </FormDialog>
  );
}
