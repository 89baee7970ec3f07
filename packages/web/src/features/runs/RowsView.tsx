import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatCount } from '../../shared/format.ts';
import { hasRows, stepWithRows } from './rows.ts';
import { StepPreview } from './StepPreview.tsx';
import { StoredTable } from './StoredTable.tsx';

const route = getRouteApi('/app/runs/$id');

/** The rows that a step produced, or those that did not get through. */
export function RowsView({ run, step, onSelect }: { run: Run; step: StepRun | null; onSelect: (step: string | null) => void }) {
  const { which } = route.useSearch();
  const navigate = route.useNavigate();
  const choices = run.steps.filter(hasRows);
  const shown = step && hasRows(step) ? step : stepWithRows(run, which);
  if (!shown)
    return (
      <EmptyState icon={IconTable} title="No rows to show yet">
        Steps that produce a table keep its first 100 rows and every row that was rejected.
      </EmptyState>
    );
  const isRejected = shown.rejected !== null && (which === 'rejected' || (shown.table === null && !shown.hasPreview));
  const change = (value: string) =>
    void navigate({ search: (old) => ({ ...old, which: value === 'rejected' ? 'rejected' : undefined }), replace: true, resetScroll: false });
  return (
    <div>
      <Group gap="sm" p="xs">
        <Select size="xs" aria-label="Step" data={choices.map((choice) => choice.step)} value={shown.step} onChange={onSelect} allowDeselect={false} w={200} />
        {shown.rejected && (
          <SegmentedControl
            size="xs"
            aria-label="Which rows"
            value={isRejected ? 'rejected' : 'table'}
            onChange={change}
            data={[
              { value: 'table', label: 'Output' },
              { value: 'rejected', label: `Rejected (${formatCount(shown.rejected.rows)})` },
            ]}
          />
        )}
        {isRejected && (
          <Text size="xs" c="dimmed">
            _reason says what was wrong with the row
          </Text>
        )}
      </Group>
      {isRejected && <StoredTable run={run.id} step={shown.step} which="rejected" />}
      {!isRejected &&
        (shown.hasPreview ? (
          <StepPreview run={run.id} step={shown.step} rows={shown.counts?.rowsOut ?? shown.table?.rows ?? null} />
        ) : (
          <StoredTable run={run.id} step={shown.step} which="table" />
        ))}
    </div>
  );
}
