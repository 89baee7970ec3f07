import { Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ColorSearch, ColorSort } from '@tidewheel/contract/routes/color-search';
import { colorChoicesQuery } from './search.queries.ts';
import { turnedRound } from './search-words.ts';

interface SearchFiltersProps {
  search: ColorSearch;
  set: (part: ColorSearch) => void;
}

const orders: { value: ColorSort; label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: '-px', label: 'Highest PX first' },
  { value: 'px', label: 'Lowest PX first' },
  { value: '-spread', label: 'Widest spread first' },
  { value: 'spread', label: 'Tightest spread first' },
  { value: '-size', label: 'Largest first' },
  { value: 'rank', label: 'Best rank first' },
];
const ranges = [
  ['PX', 'pxFrom', 'pxTo'],
  ['Spread', 'spreadFrom', 'spreadTo'],
  ['Size', 'sizeFrom', 'sizeTo'],
  ['Rank', 'rankFrom', 'rankTo'],
] as const;
const biases = ['bid', 'offer', 'talk', 'cover', 'trade'];

/** What must hold besides the text. */
export function SearchFilters({ search, set }: SearchFiltersProps) {
  const choices = useQuery(colorChoicesQuery).data;
  const choice = (field: 'sector' | 'market' | 'source' | 'dealer' | 'bias', label: string, data: string[]) => (
    <Select
      aria-label={label}
      placeholder={label}
      size="xs"
      w={145}
      clearable
      searchable
      data={[...new Set([...data, ...(search[field] === undefined ? [] : [search[field]])])]}
      value={search[field] ?? null}
      onChange={(value) => set({ [field]: value ?? undefined })}
    />
  );
  const day = (field: 'from' | 'to', label: string) => (
    <TextInput
      type="date"
      size="xs"
      w={178}
      leftSection={
        <Text span size="xs" aria-hidden>
          {field === 'from' ? 'From' : 'To'}
        </Text>
      }
      leftSectionWidth={44}
      aria-label={label}
      value={search[field] ?? ''}
      onChange={(event) => set({ [field]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <>
      <Group gap="xs" mb="xs">
        {day('from', 'From this day')}
        {day('to', 'To this day')}
        {choice('sector', 'Any sector', choices?.sectors ?? [])}
        {choice('market', 'Any market', choices?.markets ?? [])}
        {choice('source', 'Any source', choices?.sources ?? [])}
        {choice('dealer', 'Any dealer', choices?.dealers ?? [])}
        {choice('bias', 'Any bias', biases)}
      </Group>
      <Group gap="xs" mb="sm">
        {ranges.flatMap(([label, from, to]) => [
          <Bound key={from} label={`${label} from`} value={search[from]} onChange={(value) => set({ [from]: value })} />,
          <Bound key={to} label={`${label} to`} value={search[to]} onChange={(value) => set({ [to]: value })} />,
        ])}
        <Select
          aria-label="Order"
          size="xs"
          w={180}
          data={orders}
          value={search.sort ?? 'newest'}
          allowDeselect={false}
          onChange={(value) => set({ sort: value === 'newest' ? undefined : (value as ColorSort) })}
        />
      </Group>
      {turnedRound(search).map((fault) => (
        <Text key={fault} size="sm" mb="sm" role="status">
          {fault}
        </Text>
      ))}
    </>
  );
}

/** Counts once it is left or Enter is pressed. */
function Bound({ label, value, onChange }: { label: string; value: number | undefined; onChange: (value: number | undefined) => void }) {
  const commit = (text: string) => {
    const next = text.trim() === '' ? undefined : Number(text);
    if (next !== value && (next === undefined || Number.isFinite(next))) onChange(next);
  };
  return (
    <NumberInput
      key={value ?? 'none'}
      size="xs"
      w={100}
      hideControls
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ''}
      onBlur={(event) => commit(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
    />
  );
}
