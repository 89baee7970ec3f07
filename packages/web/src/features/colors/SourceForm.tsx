import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createColorSource, updateColorSource } from '@tidewheel/client/routes';
import type { ColorColumns, ColorSource } from '@tidewheel/contract/color-columns';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { sourcesKey } from './buffer.queries.ts';
import { FieldInputs, SideInputs } from './SourceColumns.tsx';
import { ReadingInputs } from './SourceReading.tsx';
import { SourceTryOut } from './SourceTryOut.tsx';

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
      <SourceTryOut columns={columns} onTake={setColumns} />
      <SubmitForm mutation={save} action={source ? 'Save a new version' : 'Create'} disabled={!canEdit || slugOf(title) === ''}>
        <TextInput label="Title" withAsterisk value={title} onChange={(event) => setTitle(event.currentTarget.value)} readOnly={!canEdit} />
        <FieldInputs columns={columns} onChange={change} canEdit={canEdit} />
        <SideInputs columns={columns} onChange={change} canEdit={canEdit} />
        <ReadingInputs columns={columns} onChange={change} />
      </SubmitForm>
    </Stack>
  );
}
