import { Group, NumberInput, Text } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { CalendarComparison } from '@tidewheel/contract/routes/calendars';
import { DataTable } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { calendarQuery, compareQuery } from '../calendars.queries.ts';
import { dateText, reasonText } from '../day-words.ts';
import { YearStepper } from '../YearStepper.tsx';

const route = getRouteApi('/app/calendars/$slug/compare');

export function CompareCalendarPage() {
  const { slug } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const calendar = useQuery(calendarQuery(slug));
  const newest = calendar.data?.version ?? 2;
  const asked = { from: search.from ?? Math.max(1, newest - 1), to: search.to ?? newest, year: search.year ?? new Date().getUTCFullYear() };
  const compared = useQuery({ ...compareQuery(slug, asked), enabled: calendar.data !== undefined });
  const go = (next: Partial<typeof asked>) => void navigate({ search: { ...asked, ...next }, replace: true });
  const version = (label: string, key: 'from' | 'to') => (
    <NumberInput
      label={label}
      size="xs"
      w={110}
      min={1}
      max={newest}
      value={asked[key]}
      onChange={(value) => {
        if (typeof value === 'number' && value >= 1) go({ [key]: value });
      }}
    />
  );
  const above = (
    <Link to="/calendars/$slug" params={{ slug }}>
      {calendar.data?.title ?? slug}
    </Link>
  );
  return (
    <>
      <PageHeader title="Compare versions" above={above} />
      <Group gap="sm" mb="md" align="end">
        {version('From version', 'from')}
        {version('To version', 'to')}
        <YearStepper year={asked.year} onChange={(year) => go({ year })} />
        <Text size="sm">and the two years after it</Text>
      </Group>
      <Loaded query={compared}>{(found) => <Differences found={found} />}</Loaded>
    </>
  );
}

function Differences({ found }: { found: CalendarComparison }) {
  const rows = rowsOf(found);
  const span = `${found.years[0]} to ${found.years.at(-1)}`;
  if (rows.length === 0)
    return (
      <EmptyState icon={IconEqual} title="The same days">
        Versions {found.from} and {found.to} have the same days off from {span}, for the same reasons.
      </EmptyState>
    );
  return (
    <DataTable
      label={`What differs from ${span}`}
      rows={rows}
      rowKey={({ date }) => date}
      columns={[
        { key: 'date', title: 'Date', isHead: true, render: ({ date }) => dateText(date) },
        { key: 'what', title: 'What', render: ({ what }) => what },
        { key: 'before', title: `Version ${found.from}`, render: ({ before }) => before ?? 'business day' },
        { key: 'after', title: `Version ${found.to}`, render: ({ after }) => after ?? 'business day' },
      ]}
    />
  );
}

interface Difference {
  date: string;
  what: string;
  before: string | null;
  after: string | null;
}

function rowsOf({ closed, opened, reasons }: CalendarComparison): Difference[] {
  return [
    ...closed.map(({ date, reasons: why }) => ({ date, what: '− closed', before: null, after: reasonText(why) })),
    ...opened.map(({ date, reasons: why }) => ({ date, what: '+ opened', before: reasonText(why), after: null })),
    ...reasons.map(({ date, before, after }) => ({ date, what: '= other reason', before, after })),
  ].sort((a, b) => (a.date < b.date ? -1 : 1));
}
