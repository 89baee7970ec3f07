import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { calendarNamesQuery } from './schedules.queries.ts';

interface CalendarSelectProps {
  label: string;
  placeholder: string;
  value: string | null;
  onChange: (calendar: string | null) => void;
}

export function CalendarSelect({ label, placeholder, value, onChange }: CalendarSelectProps) {
  const groups = useQuery(calendarNamesQuery).data ?? [];
  const isKnown = value === null || groups.some(({ items }) => items.some((item) => item.value === value));
  const data = isKnown ? groups : [...groups, { group: 'Chosen', items: [{ value, label: value }] }];
  return <Select label={label} placeholder={placeholder} data={data} value={value} onChange={onChange} searchable clearable />;
}
