import { List, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { AppError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { ScheduleDefinition } from '@tidewheel/contract/schedule';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import split from '../../shared/Split.module.css';
import { OccurrenceList } from './OccurrenceList.tsx';
import { previewQuery } from './schedules.queries.ts';

/** What the server says of a schedule that is not saved. */
export function usePreview(definition: ScheduleDefinition) {
  const [settled] = useDebouncedValue(definition, 350);
  const query = useQuery(previewQuery(settled));
  const faults = query.error ? faultsIn(query.error) : (query.data?.faults ?? []);
  return { query, faults, words: query.error ? [] : (query.data?.words ?? []) };
}

/** A body that cannot even be read names its faults too. */
function faultsIn(error: Error): Fault[] {
  const faults = error instanceof AppError ? (error.details?.['faults'] as Fault[] | undefined) : undefined;
  return (faults ?? []).map((fault) => ({ ...fault, path: fault.path.replace(/^body\./, '') }));
}

export function PreviewCard({ preview: { query, faults } }: { preview: ReturnType<typeof usePreview> }) {
  const errors = faults.filter(({ severity }) => severity !== 'warning');
  const warnings = faults.filter(({ severity }) => severity === 'warning');
  return (
    <section className={`tw-card ${split['card']}`} aria-label="Preview" aria-live="polite">
      <Title order={2} mb="xs">
        What it will do
      </Title>
      {query.error && errors.length === 0 && <ErrorNotice error={query.error} />}
      <FaultItems faults={errors} color="var(--tw-fail)" />
      <FaultItems faults={warnings} color="var(--tw-wait)" />
      {errors.length === 0 && query.data && <OccurrenceList occurrences={query.data.next} />}
    </section>
  );
}

function FaultItems({ faults, color }: { faults: Fault[]; color: string }) {
  if (faults.length === 0) return null;
  return (
    <List size="sm" mb="xs" c={color}>
      {faults.map((fault) => (
        <List.Item key={`${fault.path} ${fault.message}`}>
          <span className="tw-mono">{fault.path}</span>: {fault.message}
          {fault.hint && (
            <Text size="xs" c="dimmed">
              {fault.hint}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
