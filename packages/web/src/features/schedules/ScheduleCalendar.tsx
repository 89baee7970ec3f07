import { ActionIcon, Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { moveOccurrence, resetOccurrence, skipOccurrence } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import type { Occurrence } from '@tidewheel/contract/schedule';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { DayGrid } from './DayGrid.tsx';
import { dateOf, instantIn, shownDates, stepped } from './local-moment.ts';
import { MoveDialog } from './MoveDialog.tsx';
import { monthQuery } from './schedules.queries.ts';

interface ScheduleCalendarProps {
  schedule: Schedule;
  canEdit: boolean;
  day: string | undefined;
  view: 'month' | 'week';
  onShow: (part: { day?: string | undefined; view?: 'week' | undefined; tab?: 'why' | undefined }) => void;
}

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const views = [
  { value: 'month', label: 'Month' },
  { value: 'week', label: 'Week' },
];

/** A month or a week of a schedule: what was, what will be, and single moments to be moved or left out. */
export function ScheduleCalendar({ schedule, canEdit, day = dateOf(Date.now()), view, onShow }: ScheduleCalendarProps) {
  const dates = shownDates(day, view);
  const span = { from: dates[0] ?? day, to: dates.at(-1) ?? day };
  const query = useQuery(monthQuery(schedule.slug, span));
  const [moving, setMoving] = useState<Occurrence | null>(null);
  const change = useChanges(schedule);
  const { timeZone } = schedule.definition;
  const drop = (occurrence: Occurrence, date: string) => change.move(occurrence, instantIn(timeZone, `${date}T${occurrence.local.slice(11, 19)}`));
  const step = (by: 1 | -1) => onShow({ day: stepped(day, { view, by }) });
  return (
    <section aria-label="Calendar">
      <Group gap="xs" mb="xs">
        <ActionIcon variant="default" aria-label={`The ${view} before`} onClick={() => step(-1)}>
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={`The ${view} after`} onClick={() => step(1)}>
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
        <Title order={2} size="h3" aria-live="polite">
          {view === 'month' ? monthName.format(Date.parse(`${day.slice(0, 7)}-01`)) : `${span.from} to ${span.to}`}
        </Title>
        <Button variant="subtle" size="xs" onClick={() => onShow({ day: undefined })}>
          Today
        </Button>
        <SegmentedControl
          size="xs"
          data={views}
          value={view}
          onChange={(next) => onShow({ view: next === 'week' ? 'week' : undefined })}
          aria-label="View"
          ml="auto"
        />
      </Group>
      <Loaded query={query} lines={8}>
        {(calendar) => (
          <DayGrid
            dates={dates}
            month={view === 'month' ? day.slice(0, 7) : null}
            calendar={calendar}
            timeZone={timeZone}
            canEdit={canEdit}
            onMove={setMoving}
            onDrop={drop}
            onSkip={change.skip}
            onReset={change.reset}
            onWhy={(date) => onShow({ tab: 'why', day: date })}
          />
        )}
      </Loaded>
      <Text size="xs" c="dimmed" mt={6}>
        Times of {timeZone}. {canEdit && 'Drag a moment to another day, or open its menu.'}
      </Text>
      {moving && (
        <MoveDialog occurrence={moving} timeZone={timeZone} move={(to, reason) => change.moveAsync(moving, to, reason)} onClose={() => setMoving(null)} />
      )}
    </section>
  );
}

/** Named by where the rules have them. */
function plannedOf({ instant, movedFrom }: Occurrence): string {
  return movedFrom ?? instant;
}

function useChanges({ slug }: Schedule) {
  const queries = useQueryClient();
  const params = { slug };
  const mutation = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['schedules'] }),
  });
  const told = (call: () => Promise<unknown>, done: string) =>
    void mutation.mutateAsync(call).then(
      () => announce(done),
      (error: Error) => announce(error.message),
    );
  const moveAsync = (occurrence: Occurrence, to: string, reason?: string) =>
    mutation.mutateAsync(() => api.call(moveOccurrence, { params, body: { instant: plannedOf(occurrence), to, reason } }));
  return {
    moveAsync,
    move: (occurrence: Occurrence, to: string) =>
      told(() => api.call(moveOccurrence, { params, body: { instant: plannedOf(occurrence), to } }), 'The moment is moved.'),
    skip: (occurrence: Occurrence) => told(() => api.call(skipOccurrence, { params, body: { instant: plannedOf(occurrence) } }), 'The moment is left out.'),
    reset: (instant: string) => told(() => api.call(resetOccurrence, { params, body: { instant } }), 'The moment is where its rules have it.'),
  };
}
