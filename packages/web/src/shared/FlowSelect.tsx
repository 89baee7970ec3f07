import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listFlows } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from './api.ts';

interface FlowSelectProps {
  value: string | undefined;
  onChange: (flow: string | undefined) => void;
  /** Said while none is chosen. */
  placeholder?: string;
}

/** Of a filter or a form: type part of the title of a flow; the server searches. */
export function FlowSelect({ value, onChange, placeholder = 'Any flow' }: FlowSelectProps) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const flows = useQuery({
    queryKey: ['flows', 'choices', search],
    queryFn: () => api.call(listFlows, { query: { search: search || undefined, limit: 50 } }),
    placeholderData: keepPreviousData,
  });
  const data = (flows.data?.items ?? []).map((flow) => ({ value: flow.slug, label: flow.title }));
  if (value !== undefined && !data.some((choice) => choice.value === value)) data.push({ value, label: value });
  return (
    <Select
      aria-label="Flow"
      placeholder={placeholder}
      searchable
      clearable
      data={data}
      filter={({ options }) => options}
      value={value ?? null}
      onSearchChange={setText}
      onChange={(flow) => onChange(flow ?? undefined)}
      w={240}
      size="xs"
    />
  );
}
