import { Text } from '@mantine/core';
import type { CalendarYear } from '@tidewheel/contract/routes/calendars';
import { DataTable } from '../../shared/DataTable.tsx';
import { capital, dateText, kindOf } from './day-words.ts';

/** The days off of a year that are not off by the weekend alone. */
export function DaysOffTable({ shown }: { shown: CalendarYear }) {
  const rows = shown.daysOff.filter(({ reasons }) => kindOf(reasons) !== 'weekend');
  if (rows.length === 0) return <Text size="sm">No day of {shown.year} is off besides weekends.</Text>;
  return (
    <DataTable
      label={`Days off in ${shown.year}`}
      rows={rows}
      rowKey={({ date }) => date}
      columns={[
        { key: 'date', title: 'Date', isHead: true, render: ({ date }) => <span style={{ whiteSpace: 'nowrap' }}>{dateText(date)}</span> },
        { key: 'kind', title: 'What', render: ({ reasons }) => <span style={{ whiteSpace: 'nowrap' }}>{capital(kindOf(reasons) ?? '')}</span> },
        { key: 'why', title: 'Why', isWide: true, render: ({ reasons }) => reasons.map(({ name }) => name).join(', ') },
      ]}
    />
  );
}
