// Which column of a source feeds which field of a color.
import { Group, SimpleGrid, Text, TextInput } from '@mantine/core';
import { type ColorField, colorFieldNames, colorFields } from '@tidewheel/contract/color';
import { type ColorColumns, type SideField, sideFields } from '@tidewheel/contract/color-columns';
import { fieldTitle } from './DoubtText.tsx';

interface PartProps {
  columns: ColorColumns;
  onChange: (to: Partial<ColorColumns>) => void;
  canEdit: boolean;
}

function withText<K extends string>(all: Partial<Record<K, string>>, key: K, text: string): Partial<Record<K, string>> {
  const { [key]: _, ...rest } = all;
  return (text === '' ? rest : { ...rest, [key]: text }) as Partial<Record<K, string>>;
}

export function FieldInputs({ columns, onChange, canEdit }: PartProps) {
  const row = (field: ColorField) => (
    <Group key={field} grow gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        size="xs"
        label={fieldTitle(field)}
        title={colorFields[field].description}
        placeholder="Column"
        readOnly={!canEdit}
        value={columns.fields[field] ?? ''}
        onChange={(event) => onChange({ fields: withText(columns.fields, field, event.currentTarget.value) })}
      />
      <TextInput
        size="xs"
        aria-label={`${fieldTitle(field)} where its column is empty`}
        placeholder="Else"
        readOnly={!canEdit}
        value={columns.fixed[field] ?? ''}
        onChange={(event) => onChange({ fixed: withText(columns.fixed, field, event.currentTarget.value) })}
      />
    </Group>
  );
  return (
    <section aria-label="Fields">
      <Text size="sm" fw={600} mb={4}>
        Column of each field, and what holds where it is empty
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {colorFieldNames.map(row)}
      </SimpleGrid>
    </section>
  );
}

export function SideInputs({ columns, onChange, canEdit }: PartProps) {
  const input = (side: 'bid' | 'offer', field: SideField) => (
    <TextInput
      key={`${side} ${field}`}
      size="xs"
      label={`${side === 'bid' ? 'Bid' : 'Offer'}: ${fieldTitle(field)}`}
      readOnly={!canEdit}
      value={columns[side][field] ?? ''}
      onChange={(event) => onChange({ [side]: withText(columns[side], field, event.currentTarget.value) })}
    />
  );
  return (
    <section aria-label="Two sides">
      <Text size="sm" fw={600} mb={4}>
        Columns of either side: a row becomes two colors
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
        {(['bid', 'offer'] as const).flatMap((side) => sideFields.map((field) => input(side, field)))}
      </SimpleGrid>
    </section>
  );
}
