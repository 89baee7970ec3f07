import { Button, Checkbox, Group } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import type { BulkFilter } from '@tidewheel/contract/routes/bulk';
import type { RunSummary } from '@tidewheel/contract/run';
import { lazy, Suspense, useState } from 'react';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { formatCount } from '../../shared/format.ts';
import type { BulkChoice, Selected } from '../../shared/runs/BulkDialog.tsx';
import { useCan } from '../../shared/session.ts';

const BulkDialog = lazy(async () => ({ default: (await import('../../shared/runs/BulkDialog.tsx')).BulkDialog }));

/** Selecting runs: a column of boxes, and what can be done with those that are ticked or with all that match the filters. */
export function useManyRuns(filter: BulkFilter) {
  const canCancel = useCan('run.cancel');
  const canRun = useCan('flow.run');
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  const [asked, setAsked] = useState<Selected | null>(null);
  const choices: BulkChoice[] = [...(canCancel ? (['cancel', 'pause', 'resume'] as const) : []), ...(canRun ? (['rerunFailed', 'rerun'] as const) : [])];
  const tick = (id: string, isOn: boolean) => {
    const next = new Set(ticked);
    if (isOn) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  const column: TableColumn<RunSummary> = {
    key: 'tick',
    title: '',
    render: (run) => (
      <Checkbox
        size="xs"
        aria-label={`Select ${run.flowTitle} #${run.number}`}
        checked={ticked?.has(run.id) ?? false}
        onChange={(event) => tick(run.id, event.currentTarget.checked)}
      />
    ),
  };
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const bar = choices.length > 0 && (
    <Group gap="xs" ml="auto">
      {ticked === null ? (
        <Button size="xs" variant="default" leftSection={<IconChecks size={14} aria-hidden />} onClick={() => setTicked(new Set())}>
          Select
        </Button>
      ) : (
        <>
          <Button size="xs" disabled={ticked.size === 0} onClick={() => setAsked({ ids: [...ticked] })}>
            {ticked.size === 0 ? 'With the selected' : `With ${formatCount(ticked.size)} selected`}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked({ filter })}>
            {isFiltered ? 'With all that match' : 'With all'}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setTicked(null)}>
            Done
          </Button>
        </>
      )}
    </Group>
  );
  const dialog = asked && (
    <Suspense fallback={null}>
      <BulkDialog selected={asked} choices={choices} onClose={() => setAsked(null)} />
    </Suspense>
  );
  return { columns: ticked === null ? [] : [column], bar, dialog };
}
