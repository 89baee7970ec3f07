import { Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { setRole } from '@tidewheel/client/routes';
import type { Role } from '@tidewheel/contract/access';
import type { User } from '@tidewheel/contract/routes/identity';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { useRoleChoices, useRoleTitle } from '../../shared/roles.ts';
import { meQuery } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { usersQuery } from './admin.queries.ts';
import { UserActions } from './UserActions.tsx';

const isOperator = (user: User) => user.email === 'operator@localhost';

const actions: TableColumn<User> = {
  key: 'do',
  title: 'Actions',
  align: 'right',
  isWide: true,
  render: (user) => !isOperator(user) && <UserActions user={user} />,
};

export function UserList({ canEdit }: { canEdit: boolean }) {
  const users = useQuery(usersQuery);
  const me = useQuery(meQuery).data;
  const columns: TableColumn<User>[] = [
    {
      key: 'name',
      title: 'User',
      isHead: true,
      render: (user) => (
        <>
          <Text size="sm" fw={600}>
            <Link to="/admin/users/$id" params={{ id: user.id }}>
              {user.name}
            </Link>
            {user.id === me?.id && ' (you)'}
            {user.suspendedAt !== null && ' (suspended)'}
          </Text>
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
        </>
      ),
    },
    { key: 'role', title: 'Role', isWide: true, render: (user) => <RoleSelect user={user} canEdit={canEdit && !isOperator(user)} /> },
    { key: 'seen', title: 'Last seen', render: (user) => <Time at={user.lastSeenAt} relative /> },
    { key: 'since', title: 'Since', render: (user) => <Time at={user.createdAt} relative /> },
  ];
  if (canEdit) columns.push(actions);
  return (
    <section className="tw-card">
      <Loaded query={users}>{(all) => <DataTable label="Users" columns={columns} rows={all} rowKey={(user) => user.id} />}</Loaded>
    </section>
  );
}

function RoleSelect({ user, canEdit }: { user: User; canEdit: boolean }) {
  const queries = useQueryClient();
  const roleChoices = useRoleChoices();
  const titleOf = useRoleTitle();
  const [wanted, setWanted] = useState<Role | null>(null);
  const change = useMutation({
    mutationFn: (role: Role) => api.call(setRole, { params: { id: user.id }, body: { role } }),
    onSuccess: (changed) => {
      announce(`${changed.name} is now ${titleOf(changed.role)}.`);
      return queries.invalidateQueries({ queryKey: ['users'] });
    },
    onSettled: () => setWanted(null),
  });
  if (!canEdit) return <>{titleOf(user.role)}</>;
  const choose = (value: string | null) => {
    if (value === null || value === user.role) return;
    setWanted(value as Role);
    change.mutate(value as Role);
  };
  return (
    <>
      <Select
        size="xs"
        w={150}
        aria-label={`Role of ${user.name}`}
        data={roleChoices}
        value={wanted ?? user.role}
        onChange={choose}
        allowDeselect={false}
        disabled={change.isPending}
      />
      {change.error && <ErrorNotice error={change.error} />}
    </>
  );
}
