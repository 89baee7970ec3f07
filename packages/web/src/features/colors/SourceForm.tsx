import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createColorSource, updateColorSource } from '@tidewheel/client/routes';
import { type ColorField, colorFieldNames, colorFields } from '@tidewheel/contract/color';
import { type ColorColumns, type ColorSource, type SideField, sideFields } from '@tidewheel/contract/color-columns';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { sourcesKey, uploadPreviewQuery, uploadsQuery } from './buffer.queries.ts';
import { fieldTitle } from './DoubtText.tsx';
import { PreviewTable } from './PreviewTable.tsx';

const none: ColorColumns = {
  fields: {},
  bid: {},
  offer: {},
  fixed: {},
  headerLine: null,
  sheet: '',
  dates: 'auto',
  decimals: 'auto',
  prices: 'auto',
  sizes: 'millions',
  others: 'keep',
};

/** Which column of a source feeds which field, tried on a file that came before it is saved. */
export function SourceForm({ source, canEdit, onDone }: { source: ColorSource | null; canEdit: boolean; onDone: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(source?.title ?? '');
  const [columns, setColumns] = useState<ColorColumns>(source?.columns ?? none);
  const save = useMutation({
    mutationFn: () =>
      source
        ? api.call(updateColorSource, { params: { slug: source.slug }, body: { title, columns, version: source.version } })
        : api.call(createColorSource, { body: { slug: slugOf(title), title, columns } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sourcesKey });
      onDone();
    },
  });
  const change = (to: Partial<ColorColumns>) => setColumns((old) => ({ ...old, ...to }));
  return (
    <Stack gap="md">
      <TryOut columns={columns} onTake={setColumns} />
      <SubmitForm mutation={save} action={source ? 'Save a new version' : 'Create'} disabled={!canEdit || slugOf(title) === ''}>
        <TextInput label="Title" withAsterisk value={title} onChange={(event) => setTitle(event.currentTarget.value)} readOnly={!canEdit} />
        <FieldInputs columns={columns} onChange={change} canEdit={canEdit} />
        <SideInputs columns={columns} onChange={change} canEdit={canEdit} />
        <ReadingInputs columns={columns} onChange={change} />
      </SubmitForm>
    </Stack>
  );
}

interface PartProps {
  columns: ColorColumns;
  onChange: (to: Partial<ColorColumns>) => void;
  canEdit: boolean;
}

function withText<K extends string>(all: Partial<Record<K, string>>, key: K, text: string): Partial<Record<K, string>> {
  const { [key]: _, ...rest } = all;
  return (text === '' ? rest : { ...rest, [key]: text }) as Partial<Record<K, string>>;
}

function FieldInputs({ columns, onChange, canEdit }: PartProps) {
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

function SideInputs({ columns, onChange, canEdit }: PartProps) {
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

function ReadingInputs({ columns, onChange }: Omit<PartProps, 'canEdit'>) {
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

/** A file that came, read by what stands in the form now. */
function TryOut({ columns, onTake }: { columns: ColorColumns; onTake: (columns: ColorColumns) => void }) {
  const uploads = useInfiniteQuery(uploadsQuery());
  const [id, setId] = useState<string | null>(null);
  const files = (uploads.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    ({ state, kind }) => kind !== 'step' && state !== 'receiving' && state !== 'withdrawn',
  );
  const isEmpty = Object.keys(columns.fields).length + Object.keys(columns.bid).length + Object.keys(columns.offer).length === 0;
  const preview = useQuery({ ...uploadPreviewQuery({ id: id ?? '', columns: isEmpty ? undefined : columns }), enabled: id !== null });
  const suggested = isEmpty ? preview.data?.tables[0]?.columns : undefined;
  return (
    <section aria-label="Try it on a file">
      <Select
        label="Try it on a file that came"
        description="Its columns are suggested while none is set"
        placeholder={files.length === 0 ? 'Upload one first' : 'Choose an upload'}
        clearable
        data={files.slice(0, 50).map((upload) => ({ value: upload.id, label: upload.title }))}
        value={id}
        onChange={setId}
      />
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.data && id !== null && (
        <Stack gap="xs" mt="sm">
          {suggested && (
            <Group gap="xs">
              <Text size="sm">These columns were told from its headers.</Text>
              <Button size="compact-xs" onClick={() => onTake(suggested)}>
                Take them
              </Button>
            </Group>
          )}
          {preview.data.tables.slice(0, 3).map(({ sheet, headers }) => (
            <Text key={sheet ?? ''} size="xs" style={{ overflowWrap: 'anywhere' }}>
              {sheet === null ? 'Its columns' : `Columns of ${sheet}`}:{' '}
              {headers.map(({ header, samples }) => `${header} (${samples[0] ?? 'empty'})`).join(', ')}
            </Text>
          ))}
          <PreviewTable preview={preview.data} />
        </Stack>
      )}
    </section>
  );
}
