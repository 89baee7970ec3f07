import { Group, Select, Text, Title } from '@mantine/core';
import { IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { TargetHub, TargetNeighbourhood, TargetRelation } from '@tidewheel/contract/routes/target-relations';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { RelationGraph } from '../RelationGraph.tsx';
import { TargetStatus } from '../TargetStatus.tsx';
import { TargetTabs } from '../TargetTabs.tsx';
import { hubsQuery, relationsQuery } from '../targets.queries.ts';

const route = getRouteApi('/app/target-relations');

/** What leads from host to host in the whole inventory: those with the most relations, and what is around one of them. */
export function TargetRelationsPage() {
  const { q, host, depth } = route.useSearch();
  const navigate = route.useNavigate();
  const hubs = useQuery(hubsQuery(q));
  const search = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true }));
  return (
    <>
      <PageHeader title="Targets" />
      <TargetTabs value="relations" />
      {host !== undefined && <Around host={host} depth={depth ?? 2} />}
      <Title order={2} mb="xs">
        Hosts with relations
      </Title>
      <Group mb="sm">
        <NameSearch search={search} />
      </Group>
      <Loaded query={hubs}>
        {({ items, total }) =>
          items.length === 0 ? (
            <EmptyState icon={IconSitemap} title={q === undefined ? 'No relations yet' : 'No host with relations has that in its name'}>
              Say in the settings of a host what it depends on, or through which other host it is reached.
            </EmptyState>
          ) : (
            <>
              <Text size="sm" c="dimmed" mb={4}>
                {items.length < total && `The first ${formatCount(items.length)} of ${formatCount(total)}. `}
                Those with the most relations stand first.
              </Text>
              <DataTable label="Hosts with relations" columns={hubColumns} rows={items} rowKey={(hub) => hub.name} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Around({ host, depth }: { host: string; depth: number }) {
  const navigate = route.useNavigate();
  const around = useQuery(relationsQuery(host, depth));
  const depths = ['1', '2', '3'].map((value) => ({ value, label: value === '1' ? 'One step around' : `${value} steps around` }));
  return (
    <section className="tw-card" style={{ padding: 16, marginBottom: 16 }} aria-label={`Around ${host}`}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>
          Around{' '}
          <Link to="/targets/$target" params={{ target: host }}>
            {host}
          </Link>
        </Title>
        <Select
          aria-label="How far"
          size="xs"
          w={170}
          data={depths}
          value={String(depth)}
          allowDeselect={false}
          onChange={(value) => void navigate({ search: (old) => ({ ...old, depth: value === '2' ? undefined : Number(value) }), replace: true })}
        />
      </Group>
      <Loaded query={around}>{(found) => <Drawn around={found} />}</Loaded>
    </section>
  );
}

function Drawn({ around }: { around: TargetNeighbourhood }) {
  if (around.relations.length === 0) return <Text size="sm">It depends on no host, and none on it.</Text>;
  return (
    <>
      <RelationGraph around={around} leadsTo="relations" />
      <details>
        <summary>The same as a list ({formatCount(around.relations.length)})</summary>
        <DataTable label="Relations" columns={relationColumns} rows={around.relations} rowKey={({ from, kind, to }) => `${from} ${kind} ${to}`} />
      </details>
    </>
  );
}

const linkTo = (name: string) => (
  <Link to="/target-relations" search={(old: object) => ({ ...old, host: name })}>
    {name}
  </Link>
);

const relationColumns: TableColumn<TargetRelation>[] = [
  { key: 'from', title: 'Host', isHead: true, render: ({ from }) => linkTo(from) },
  { key: 'kind', title: 'Relation', render: ({ kind }) => (kind === 'via' ? 'is reached through' : 'depends on') },
  { key: 'to', title: 'Other host', render: ({ to }) => linkTo(to) },
];

const hubColumns: TableColumn<TargetHub>[] = [
  { key: 'name', title: 'Host', isHead: true, render: ({ name }) => linkTo(name) },
  { key: 'state', title: 'State', render: ({ state }) => <TargetStatus state={state} bare /> },
  { key: 'dependsOn', title: 'Depends on', align: 'right', render: ({ dependsOn }) => formatCount(dependsOn) },
  { key: 'neededBy', title: 'Needed by', align: 'right', render: ({ neededBy }) => formatCount(neededBy) },
  { key: 'jumpFor', title: 'Way in for', align: 'right', render: ({ jumpFor }) => formatCount(jumpFor) },
  { key: 'via', title: 'Reached through', render: ({ via }) => via ?? '–' },
];
