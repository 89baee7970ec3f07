import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { archiveColorSource } from '@tidewheel/client/routes';
import type { ColorSource } from '@tidewheel/contract/color-columns';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { SideDrawer } from '../../../shared/SideDrawer.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { sourcesKey, sourcesQuery, versionsQuery } from '../buffer.queries.ts';
import { SourceForm } from '../SourceForm.tsx';
import { SheetSettings } from '../sheet/SheetSettings.tsx';

const route = getRouteApi('/app/colors/columns');

export function ColumnsPage() {
  const { source } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('desk.edit');
  const query = useQuery(sourcesQuery());
  const open = (slug: string | undefined) => void navigate({ search: slug === undefined ? {} : { source: slug } });
  const opened = query.data?.find(({ slug }) => slug === source);
  const add = canEdit && <Button onClick={() => open('new')}>New source</Button>;
  return (
    <>
      <PageHeader title="Columns" facts={<Text size="sm">Which column of an incoming file feeds which field of a color, by source</Text>} actions={add} />
      <div className="tw-card">
        <Loaded query={query}>
          {(sources) =>
            sources.length === 0 ? (
              <EmptyState icon={IconColumns3} title="No sources yet">
                Columns are told from headers and from what stands in them. Say them here for a source whose files are read wrongly, or to give its colors a
                name.
              </EmptyState>
            ) : (
              <DataTable label="Sources" columns={columnsOf(open)} rows={sources} rowKey={({ id }) => id} />
            )
          }
        </Loaded>
      </div>
      <SheetSettings canEdit={canEdit} />
      {source === 'new' && canEdit && (
        <SideDrawer title="New source" onClose={() => open(undefined)}>
          <SourceForm source={null} canEdit onDone={() => open(undefined)} />
        </SideDrawer>
      )}
      {opened && (
        <SideDrawer title={opened.title} onClose={() => open(undefined)}>
          <Stack gap="lg">
            <SourceForm key={opened.version} source={opened} canEdit={canEdit} onDone={() => open(undefined)} />
            <Versions source={opened} />
            {canEdit && <ArchiveSource source={opened} onDone={() => open(undefined)} />}
          </Stack>
        </SideDrawer>
      )}
    </>
  );
}

function columnsOf(open: (slug: string) => void): TableColumn<ColorSource>[] {
  return [
    {
      key: 'title',
      title: 'Source',
      isHead: true,
      render: ({ slug, title }) => (
        <>
          <UnstyledButton onClick={() => open(slug)} aria-label={`Open ${title}`}>
            <Text size="sm" fw={600} td="underline">
              {title}
            </Text>
          </UnstyledButton>
          <Text size="xs" c="dimmed">
            {slug}
          </Text>
        </>
      ),
    },
    {
      key: 'columns',
      title: 'Columns',
      isWide: true,
      render: ({ columns }) => Object.values({ ...columns.fields, ...columns.bid, ...columns.offer }).join(', '),
    },
    { key: 'version', title: 'Version', align: 'right', render: ({ version }) => version },
    { key: 'at', title: 'Changed', render: ({ updatedAt }) => <Time at={updatedAt} relative /> },
    { key: 'by', title: 'By', isWide: true, render: ({ updatedBy }) => updatedBy },
  ];
}

function Versions({ source }: { source: ColorSource }) {
  const query = useQuery(versionsQuery(source.slug));
  return (
    <section aria-label="Versions">
      <Text size="sm" fw={600}>
        Versions
      </Text>
      <Loaded query={query} lines={2}>
        {(versions) => (
          <>
            {versions.slice(0, 10).map(({ version, createdAt, createdBy }) => (
              <Group key={version} gap="xs">
                <Text size="sm">{version}</Text>
                <Text size="sm" c="dimmed">
                  <Time at={createdAt} relative /> by {createdBy}
                </Text>
              </Group>
            ))}
          </>
        )}
      </Loaded>
    </section>
  );
}

function ArchiveSource({ source, onDone }: { source: ColorSource; onDone: () => void }) {
  const queries = useQueryClient();
  const archive = useMutation({
    mutationFn: () => api.call(archiveColorSource, { params: { slug: source.slug } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sourcesKey });
      onDone();
    },
  });
  const ask = {
    title: `Archive ${source.title}?`,
    text: 'Files are no longer read by its columns. The change log brings it back.',
    confirm: 'Archive',
    isDanger: true,
  };
  return (
    <div>
      <ConfirmButton ask={ask} mutation={archive}>
        Archive
      </ConfirmButton>
    </div>
  );
}
