import { Anchor, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Workspace } from '@tidewheel/contract/routes/workspaces';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { meQuery, useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { addressIn } from '../../../shared/workspace-address.ts';
import { MemberList } from '../MemberList.tsx';
import { WorkspaceActions } from '../WorkspaceActions.tsx';
import { WorkspaceDialog } from '../WorkspaceDialog.tsx';
import { workspacesQuery } from '../workspaces.queries.ts';

const columns: TableColumn<Workspace>[] = [
  {
    key: 'title',
    title: 'Workspace',
    isHead: true,
    render: (one) => (
      <>
        {one.role !== null && one.archivedAt === null ? (
          <Anchor size="sm" fw={600} href={addressIn(one.slug, '/')}>
            {one.title}
          </Anchor>
        ) : (
          <Text size="sm" fw={600}>
            {one.title}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {one.slug}
        </Text>
      </>
    ),
  },
  { key: 'role', title: 'Your role', render: (one) => one.role ?? '–' },
  { key: 'members', title: 'People', align: 'right', render: (one) => one.members ?? '–' },
  {
    key: 'state',
    title: 'State',
    render: (one) =>
      one.archivedAt !== null ? (
        <>
          Archived <Time at={one.archivedAt} relative />
        </>
      ) : one.main ? (
        'Main'
      ) : (
        'In use'
      ),
  },
  { key: 'made', title: 'Made', render: (one) => <Time at={one.createdAt} relative /> },
];
const withActions: TableColumn<Workspace>[] = [
  ...columns,
  { key: 'do', title: 'Actions', align: 'right', isWide: true, render: (one) => <WorkspaceActions workspace={one} /> },
];

/** The workspaces that one may see, and the members of the present one. */
export function WorkspacesPage() {
  const workspaces = useQuery(workspacesQuery);
  const me = useQuery(meQuery).data;
  const canEdit = useCan('workspace.edit');
  const canSeeMembers = useCan('user.read');
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="Workspaces"
        actions={
          canEdit && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
              New workspace
            </Button>
          )
        }
      />
      <section className="tw-card">
        <Loaded query={workspaces} lines={3}>
          {(all) => <DataTable label="Workspaces" columns={canEdit ? withActions : columns} rows={all} rowKey={(one) => one.id} />}
        </Loaded>
      </section>
      {me && canSeeMembers && <MemberList me={me} />}
      {opened && <WorkspaceDialog onClose={dialog.close} />}
    </>
  );
}
