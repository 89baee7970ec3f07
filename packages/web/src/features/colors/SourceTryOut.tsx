import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import { useState } from 'react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { uploadPreviewQuery, uploadsQuery } from './buffer.queries.ts';
import { PreviewTable } from './PreviewTable.tsx';

/** A file that came, read by what stands in the form now. */
export function SourceTryOut({ columns, onTake }: { columns: ColorColumns; onTake: (columns: ColorColumns) => void }) {
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
