import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ScheduleWindow } from '@tidewheel/contract/schedule';

/** The times of the day between which it may fire. */
export function WindowFields({ windows, onChange }: { windows: ScheduleWindow[]; onChange: (windows: ScheduleWindow[]) => void }) {
  const set = (at: number, part: Partial<ScheduleWindow>) => onChange(windows.with(at, { ...(windows[at] as ScheduleWindow), ...part }));
  return (
    <Stack gap="xs">
      {windows.map((window, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: windows have no names
        <Group key={at} gap="xs" align="end">
          <TextInput label="Only from" type="time" value={window.from} onChange={(event) => set(at, { from: event.currentTarget.value })} w={140} />
          <TextInput label="To, itself not" type="time" value={window.to} onChange={(event) => set(at, { to: event.currentTarget.value })} w={140} />
          <ActionIcon variant="subtle" color="gray" mb={4} aria-label={`Remove window ${at + 1}`} onClick={() => onChange(windows.toSpliced(at, 1))}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...windows, { from: '08:00', to: '18:00' }])}
        >
          Add a window
        </Button>
      </div>
    </Stack>
  );
}
