import { ActionIcon, Group, NumberInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';

export function YearStepper({ year, onChange }: { year: number; onChange: (year: number) => void }) {
  const go = (next: number) => onChange(Math.min(Math.max(next, firstYear), lastYear));
  return (
    <Group gap={4} role="group" aria-label="Year">
      <ActionIcon variant="default" size="md" aria-label="The year before" onClick={() => go(year - 1)}>
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <NumberInput
        aria-label="Year"
        w={76}
        size="xs"
        hideControls
        allowDecimal={false}
        allowNegative={false}
        value={year}
        onChange={(value) => {
          if (typeof value === 'number' && value >= firstYear && value <= lastYear) onChange(value);
        }}
      />
      <ActionIcon variant="default" size="md" aria-label="The year after" onClick={() => go(year + 1)}>
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
