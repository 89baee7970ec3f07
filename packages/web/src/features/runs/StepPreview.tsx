import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatCount } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { RowGrid } from './RowGrid.tsx';
import { previewQuery } from './runs.queries.ts';

/** The first 100 rows of a step. */
export function StepPreview({ run, step, rows }: { run: string; step: string; rows: number | null }) {
  const query = useQuery(previewQuery({ run, step }));
  return (
    <Loaded query={query}>
      {(preview) => (
        <>
          <RowGrid label={`First rows of ${step}`} table={preview} />
          <Text size="xs" c="dimmed" px="sm" py={6}>
            {preview.truncated
              ? `The first ${formatCount(preview.rows.length)} rows${rows === null ? '' : ` of ${formatCount(rows)}`}`
              : `${formatCount(preview.rows.length)} rows`}{' '}
            · {preview.columns.length} columns
          </Text>
        </>
      )}
    </Loaded>
  );
}
