import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listConnections } from '@tidewheel/client/routes';
import { api } from '../shared/api.ts';
import type { InputProps } from './input-props.ts';

interface ConnectionInputProps extends InputProps {
  value: string;
  onChange: (value: string) => void;
  /** Connector types, joined by `|`. */
  of?: string | undefined;
}

/** A connection by its name, of those that fit. Any text is taken: one that is made later may be named. */
export function ConnectionInput({ of, ...input }: ConnectionInputProps) {
  const connections = useQuery({ queryKey: ['connections', 'choices'], queryFn: () => api.call(listConnections, { query: { limit: 200 } }) });
  const types = of?.split('|');
  const data = (connections.data?.items ?? []).filter(({ type }) => types?.includes(type) ?? true).map(({ slug }) => slug);
  return <Autocomplete {...input} data={data} maxDropdownHeight={260} comboboxProps={{ shadow: 'md' }} />;
}
