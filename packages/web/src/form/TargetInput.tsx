import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listTargets } from '@tidewheel/client/routes';
import { api } from '../shared/api.ts';
import type { InputProps } from './input-props.ts';

interface TargetInputProps extends InputProps {
  value: string;
  onChange: (value: string) => void;
  /** Only hosts reached by this transport. */
  transport?: string | undefined;
}

/** A host by its name: type part of it, the server searches. Any text is taken, for it may be computed: `{{ item.name }}`. */
export function TargetInput({ transport, ...input }: TargetInputProps) {
  const [search] = useDebouncedValue(input.value, 200);
  const isComputed = search.includes('{{');
  const hosts = useQuery({
    queryKey: ['targets', 'choices', search, transport ?? ''],
    queryFn: () => api.call(listTargets, { query: { search: search || undefined, transport, limit: 20 } }),
    enabled: !isComputed,
    placeholderData: keepPreviousData,
  });
  const data = isComputed ? [] : (hosts.data?.items ?? []).map(({ name }) => name);
  return <Autocomplete {...input} data={data} filter={({ options }) => options} maxDropdownHeight={260} comboboxProps={{ shadow: 'md' }} />;
}
