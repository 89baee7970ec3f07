import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';

type Dates = { date: string; name: string }[];

/** A long list is looked at by its newest part; the rest stays as it is. */
const shownAtFirst = 20;

export function DateRows({ dates, onChange }: { dates: Dates; onChange: (dates: Dates) => void }) {
  const [shown, setShown] = useState(shownAtFirst);
  const hidden = Math.max(0, dates.length - shown);
  const change = (at: number, part: Partial<Dates[number]>) => onChange(dates.with(at, { ...(dates[at] as Dates[number]), ...part }));
  return (
    <Stack gap={6}>
      {hidden > 0 && (
        <Group gap="xs">
          <Text size="sm">{hidden.toLocaleString('en')} more before these.</Text>
          <Button size="compact-xs" variant="default" onClick={() => setShown(shown + 100)}>
            Show more
          </Button>
        </Group>
      )}
      {dates.slice(hidden).map(({ date, name }, index) => {
        const at = hidden + index;
        return (
          // Rows are told apart by their place: while one types, dates and names are not.
          <Group key={`row ${at}`} gap="xs" wrap="nowrap">
            <TextInput type="date" aria-label={`Date ${at + 1}`} value={date} onChange={(event) => change(at, { date: event.currentTarget.value })} />
            <TextInput
              aria-label={`Name of date ${at + 1}`}
              placeholder="Name"
              style={{ flex: 1 }}
              value={name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove date ${at + 1}`} onClick={() => onChange(dates.toSpliced(at, 1))}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...dates, { date: new Date().toISOString().slice(0, 10), name: '' }])}
        >
          Add a day
        </Button>
      </Group>
    </Stack>
  );
}
