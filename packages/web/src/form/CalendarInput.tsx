import { Select } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { listBuiltInCalendars, listCalendars } from '@tidewheel/client/routes';
import { api } from '../shared/api.ts';
import type { InputProps } from './input-props.ts';

interface CalendarInputProps extends InputProps {
  value: string | null;
  onChange: (calendar: string | null) => void;
}

/** Names of calendars for a choice: one's own, then those that are built in. */
const calendarNamesQuery = queryOptions({
  queryKey: ['calendars', 'choice'],
  queryFn: async () => {
    const [own, builtIn] = await Promise.all([api.call(listCalendars, { query: { limit: 200 } }), api.call(listBuiltInCalendars)]);
    return [
      { group: 'Of this workspace', items: own.items.map(({ slug, title }) => ({ value: slug, label: title })) },
      { group: 'Built in', items: builtIn.map(({ slug, title }) => ({ value: slug, label: `${slug}: ${title}` })) },
    ].filter(({ items }) => items.length > 0);
  },
  staleTime: 60_000,
});

/** A calendar by its name. */
export function CalendarInput({ value, ...input }: CalendarInputProps) {
  const groups = useQuery(calendarNamesQuery).data ?? [];
  const isKnown = !value || groups.some(({ items }) => items.some((item) => item.value === value));
  const data = isKnown ? groups : [...groups, { group: 'Chosen', items: [{ value, label: value }] }];
  return <Select {...input} data={data} value={value || null} searchable clearable />;
}
