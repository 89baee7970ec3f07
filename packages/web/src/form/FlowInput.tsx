import { Autocomplete, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listFlows } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../shared/api.ts';
import type { InputProps } from './input-props.ts';

/** A flow by its name: type part of it or of its title, the server searches. Any text is taken: one that is made later may be named. */
export function FlowInput({ value, onChange, ...input }: InputProps & { value: string; onChange: (value: string) => void }) {
  const data = useFlowNames(value);
  return <Autocomplete {...input} {...shared} data={data} value={value} onChange={onChange} />;
}

/** Several of them. */
export function FlowsInput({ value, onChange, ...input }: InputProps & { value: string[]; onChange: (value: string[]) => void }) {
  const [search, setSearch] = useState('');
  const data = useFlowNames(search).filter((slug) => !value.includes(slug));
  return <TagsInput {...input} {...shared} data={data} value={value} onChange={onChange} searchValue={search} onSearchChange={setSearch} />;
}

const shared = {
  filter: <Options,>({ options }: { options: Options }) => options,
  maxDropdownHeight: 260,
  comboboxProps: { shadow: 'md' as const },
};

function useFlowNames(text: string): string[] {
  const [search] = useDebouncedValue(text, 200);
  const flows = useQuery({
    queryKey: ['flows', 'choices', search],
    queryFn: () => api.call(listFlows, { query: { search: search || undefined, limit: 50 } }),
    placeholderData: keepPreviousData,
  });
  return (flows.data?.items ?? []).map(({ slug }) => slug);
}
