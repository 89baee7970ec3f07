import { Group, Textarea, TextInput } from '@mantine/core';
import type { ScheduleExclusion } from '@tidewheel/contract/schedule';
import { CalendarInput } from '../../form/CalendarInput.tsx';

/** Days on which it does not fire, by kind. */
export function ExclusionFields({ exclusion, onChange }: { exclusion: ScheduleExclusion; onChange: (exclusion: ScheduleExclusion) => void }) {
  if (exclusion.kind === 'calendar')
    return (
      <CalendarInput
        label="Calendar"
        placeholder="Choose one"
        value={exclusion.calendar}
        onChange={(calendar) => onChange({ ...exclusion, calendar: calendar ?? '' })}
      />
    );
  if (exclusion.kind === 'dates')
    return (
      <Textarea
        label="Dates"
        description="One a line, YYYY-MM-DD"
        autosize
        minRows={2}
        maxRows={10}
        value={exclusion.dates.join('\n')}
        onChange={(event) => onChange({ ...exclusion, dates: event.currentTarget.value.split(/[\s,]+/) })}
      />
    );
  return (
    <Group gap="xs" grow align="start">
      <TextInput label="First day" type="date" value={exclusion.from} onChange={(event) => onChange({ ...exclusion, from: event.currentTarget.value })} />
      <TextInput label="Last day" type="date" value={exclusion.to} onChange={(event) => onChange({ ...exclusion, to: event.currentTarget.value })} />
      <TextInput label="Reason" value={exclusion.reason} onChange={(event) => onChange({ ...exclusion, reason: event.currentTarget.value })} />
    </Group>
  );
}
