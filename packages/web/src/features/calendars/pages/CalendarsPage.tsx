import { Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { IconCalendar, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { CalendarSummary } from '@tidewheel/contract/routes/calendars';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { builtInQuery, calendarsQuery } from '../calendars.queries.ts';

const route = getRouteApi('/app/calendars');

export function CalendarsPage() {
  const { q, archived } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('calendar.edit');
  const query = useInfiniteQuery(calendarsQuery(q, archived === true));
  const go = (next: { q?: string | undefined; archived?: true | undefined }) => void navigate({ search: next, replace: true });
  const search = useSearchText(q, (text) => go({ q: text, archived }));
  const create = canEdit && (
    <LinkButton to="/calendars/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New calendar
    </LinkButton>
  );
  const clear = (
    <Button variant="default" onClick={() => (q === undefined ? go({}) : search.change(''))}>
      Show all
    </Button>
  );
  const empty =
    q !== undefined || archived ? (
      <EmptyState icon={IconCalendar} title="No such calendar" action={clear} />
    ) : (
      <EmptyState icon={IconCalendar} title="No calendars of your own yet" action={create}>
        A calendar says which days are business days: start from a market or a country, add your own closing days and blackouts.
      </EmptyState>
    );
  return (
    <>
      <PageHeader title="Calendars" actions={create} />
      <Group gap="sm" mb="sm">
        <NameSearch search={search} />
        <SegmentedControl
          size="xs"
          data={[
            { value: 'use', label: 'In use' },
            { value: 'archived', label: 'Archived' },
          ]}
          value={archived ? 'archived' : 'use'}
          onChange={(value) => go({ q, archived: value === 'archived' ? true : undefined })}
          aria-label="Which calendars"
        />
      </Group>
      <PagedList label="Calendars" query={query} columns={columns} rowKey={({ slug }) => slug} empty={empty} one="calendar" many="calendars" />
      {!archived && <BuiltIn search={q} />}
    </>
  );
}

function BuiltIn({ search = '' }: { search?: string | undefined }) {
  const query = useQuery(builtInQuery);
  const wanted = search.toLowerCase();
  return (
    <section style={{ marginTop: 24 }}>
      <Title order={2} mb={8}>
        Built in
      </Title>
      <Loaded query={query}>
        {(all) => {
          const rows = all.filter(({ slug, title }) => `${slug} ${title}`.toLowerCase().includes(wanted));
          return rows.length === 0 ? (
            <Text size="sm">None of them has this name.</Text>
          ) : (
            <DataTable label="Built-in calendars" columns={builtInColumns} rows={rows} rowKey={({ slug }) => slug} />
          );
        }}
      </Loaded>
    </section>
  );
}

const name: TableColumn<CalendarSummary> = {
  key: 'name',
  title: 'Calendar',
  isHead: true,
  render: (calendar) => (
    <>
      <Link to="/calendars/$slug" params={{ slug: calendar.slug }} style={{ fontWeight: 600 }}>
        {calendar.title}
      </Link>
      <Text size="xs" c="dimmed" className="tw-mono">
        {calendar.slug}
      </Text>
    </>
  ),
};
const what: TableColumn<CalendarSummary> = { key: 'what', title: 'What it is for', isWide: true, render: ({ description }) => description || '–' };
const builtInColumns = [name, what];
const columns: TableColumn<CalendarSummary>[] = [
  name,
  what,
  { key: 'version', title: 'Version', align: 'right', render: ({ version }) => version },
  { key: 'changed', title: 'Changed', render: ({ updatedAt }) => <Time at={updatedAt} relative /> },
  { key: 'by', title: 'By', render: ({ updatedBy }) => updatedBy ?? '–' },
];
