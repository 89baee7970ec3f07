import { Button, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RoleInfo } from '@tidewheel/contract/routes/access';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { rolesQuery } from '../../../shared/roles.ts';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { AccessTabs } from '../AccessTabs.tsx';
import { CreateRoleDialog } from '../CreateRoleDialog.tsx';
import { RoleMatrix } from '../RoleMatrix.tsx';

const columns: TableColumn<RoleInfo>[] = [
  {
    key: 'role',
    title: 'Role',
    isHead: true,
    render: (role) => (
      <>
        <Link to="/admin/roles/$slug" params={{ slug: role.slug }} style={{ fontWeight: 600 }}>
          {role.title}
        </Link>
        <Text size="xs" c="dimmed">
          {role.description || role.slug}
        </Text>
      </>
    ),
  },
  { key: 'kind', title: 'Kind', render: (role) => (role.changed ? 'changed preset' : role.preset ? 'preset' : 'own') },
  { key: 'holders', title: 'Members', align: 'right', render: (role) => role.holders },
  { key: 'updated', title: 'Changed', render: (role) => <Time at={role.updatedAt} relative /> },
];

export function RolesPage() {
  const canEdit = useCan('role.edit');
  const roles = useQuery(rolesQuery);
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="Roles and access"
        actions={
          canEdit && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
              New role
            </Button>
          )
        }
      />
      <AccessTabs here="/admin/roles" />
      <section className="tw-card">
        <Loaded query={roles}>{(all) => <DataTable label="Roles" columns={columns} rows={all} rowKey={(role) => role.slug} />}</Loaded>
      </section>
      <Title order={2} mt="lg" mb="xs">
        Who may do what
      </Title>
      <RoleMatrix />
      {opened && <CreateRoleDialog onClose={dialog.close} />}
    </>
  );
}
