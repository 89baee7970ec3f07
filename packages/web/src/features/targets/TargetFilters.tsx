import { Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TargetFilter, TargetState } from '@tidewheel/contract/target';
import { formatCount } from '../../shared/format.ts';
import { NameSearch } from '../../shared/NameSearch.tsx';
import type { useSearchText } from '../../shared/use-search-text.ts';
import { stateLabel } from './TargetStatus.tsx';
import { groupChoicesQuery, targetSummaryQuery } from './targets.queries.ts';

interface TargetFiltersProps {
  filter: TargetFilter;
  search: ReturnType<typeof useSearchText>;
  onChange: (part: TargetFilter) => void;
  onNotSeen: (days: number | undefined) => void;
}

const states: TargetState[] = ['ok', 'failed', 'unknown', 'maintenance'];

/** What narrows the list of hosts, with how many there are in each state. */
export function TargetFilters({ filter, search, onChange, onNotSeen }: TargetFiltersProps) {
  const summary = useQuery(targetSummaryQuery({ ...filter, state: undefined })).data;
  const groups = useQuery(groupChoicesQuery).data?.items ?? [];
  const choice = (label: string, value: string | undefined, data: { value: string; label: string }[], set: (value: string | undefined) => void) => (
    <Select
      aria-label={label}
      placeholder={label}
      size="xs"
      w={170}
      clearable
      searchable
      data={value !== undefined && !data.some((one) => one.value === value) ? [...data, { value, label: value }] : data}
      value={value ?? null}
      onChange={(next) => set(next ?? undefined)}
    />
  );
  return (
    <>
      <Group gap="xs" mb="xs">
        <NameSearch search={search} />
        {choice(
          'Any system',
          filter.os,
          [
            { value: 'linux', label: 'Linux' },
            { value: 'windows', label: 'Windows' },
          ],
          (os) => onChange({ os: os as TargetFilter['os'] }),
        )}
        {choice(
          'Any tag',
          filter.tag,
          (summary?.tags ?? []).map(({ name, targets }) => ({ value: name, label: `${name} (${formatCount(targets)})` })),
          (tag) => onChange({ tag }),
        )}
        {choice(
          'Any group',
          filter.group,
          groups.map(({ slug, title }) => ({ value: slug, label: title })),
          (group) => onChange({ group }),
        )}
        {choice(
          'Any category',
          filter.category,
          (summary?.categories ?? []).map((value) => ({ value, label: value })),
          (category) => onChange({ category }),
        )}
        {choice(
          'Seen at any time',
          filter.notSeenDays?.toString(),
          [1, 7, 30, 90].map((days) => ({ value: String(days), label: days === 1 ? 'Not seen for a day' : `Not seen for ${days} days` })),
          (days) => onNotSeen(days === undefined ? undefined : Number(days)),
        )}
      </Group>
      <Group gap={6} mb="sm" role="group" aria-label="State">
        {states.map((state) => (
          <Button
            key={state}
            size="compact-sm"
            variant={filter.state === state ? 'filled' : 'default'}
            aria-pressed={filter.state === state}
            onClick={() => onChange({ state: filter.state === state ? undefined : state })}
          >
            {stateLabel(state)}: {formatCount(summary?.states[state] ?? 0)}
          </Button>
        ))}
        <Button
          size="compact-sm"
          variant={filter.state === 'archived' ? 'filled' : 'subtle'}
          aria-pressed={filter.state === 'archived'}
          onClick={() => onChange({ state: filter.state === 'archived' ? undefined : 'archived' })}
        >
          Archived
        </Button>
      </Group>
    </>
  );
}
