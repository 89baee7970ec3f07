// How the values of a source are written, and where in its file they stand.
import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import type { ColorColumns } from '@tidewheel/contract/color-columns';

const choices = {
  dates: {
    label: 'Dates',
    data: [
      { value: 'auto', label: 'Told from the column' },
      { value: 'ymd', label: 'Year, month, day' },
      { value: 'mdy', label: 'Month, day, year' },
      { value: 'dmy', label: 'Day, month, year' },
    ],
  },
  decimals: {
    label: 'Decimals',
    data: [
      { value: 'auto', label: 'Told from the number' },
      { value: 'point', label: 'Point: 98.5' },
      { value: 'comma', label: 'Comma: 98,5' },
    ],
  },
  prices: {
    label: 'Prices',
    data: [
      { value: 'auto', label: 'Decimals or 32nds' },
      { value: 'decimal', label: 'Decimals only' },
      { value: 'ticks', label: '32nds: 98-16+' },
    ],
  },
  sizes: {
    label: 'Sizes',
    data: [
      { value: 'millions', label: 'Millions' },
      { value: 'thousands', label: 'Thousands' },
      { value: 'units', label: 'Units of the currency' },
    ],
  },
  others: {
    label: 'Other columns',
    data: [
      { value: 'keep', label: 'Kept as free columns' },
      { value: 'leave', label: 'Left out' },
    ],
  },
} as const;

export function ReadingInputs({ columns, onChange }: { columns: ColorColumns; onChange: (to: Partial<ColorColumns>) => void }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs">
      {(Object.keys(choices) as (keyof typeof choices)[]).map((name) => (
        <Select
          key={name}
          size="xs"
          label={choices[name].label}
          data={[...choices[name].data]}
          value={columns[name]}
          allowDeselect={false}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
      <TextInput
        size="xs"
        label="Sheet"
        placeholder="Each that fits"
        value={columns.sheet}
        onChange={(event) => onChange({ sheet: event.currentTarget.value })}
      />
      <NumberInput
        size="xs"
        label="Line of the header"
        placeholder="Found; 0: none"
        min={0}
        max={1000}
        allowDecimal={false}
        value={columns.headerLine ?? ''}
        onChange={(value) => onChange({ headerLine: typeof value === 'number' ? value : null })}
      />
    </SimpleGrid>
  );
}
