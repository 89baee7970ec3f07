import { Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { removeMember } from '@tidewheel/client/routes';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { Member } from '@tidewheel/contract/routes/workspaces';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { useRoleTitle } from '../../shared/roles.ts';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { MemberDialog } from './MemberDialog.tsx';
import { membersQuery } from './workspaces.queries.ts';

/** Who works in this workspace. */
export function MemberList({ me }: { me: Me }) {
  const { slug, title } = me.workspace;
  const members = useQuery(membersQuery(slug));
  const canEdit = useCan('user.edit');
  const titleOf = useRoleTitle();
  const [opened, dialog] = useDisclosure(false);
  const columns: TableColumn<Member>[] = [
    {
      key: 'name',
      title: 'Member',
      isHead: true,
      render: (member) => (
        <>
          <Text size="sm" fw={600}>
            {member.name}
          </Text>
          <Text size="xs" c="dimmed">
            {member.email}
          </Text>
        </>
      ),
    },
    { key: 'role', title: 'Role', render: (member) => `${titleOf(member.role)}${member.suspended ? ', suspended' : ''}` },
    { key: 'since', title: 'Since', render: (member) => <Time at={member.since} relative /> },
  ];
  if (canEdit)
    columns.push({ key: 'do', title: 'Actions', align: 'right', render: (member) => member.id !== me.id && <RemoveMember slug={slug} member={member} /> });
  return (
    <section style={{ marginTop: 24 }}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>Members of {title}</Title>
        {canEdit && (
          <Button size="xs" variant="default" leftSection={<IconUserPlus size={15} aria-hidden />} onClick={dialog.open}>
            Add a member
          </Button>
        )}
      </Group>
      <div className="tw-card">
        <Loaded query={members} lines={3}>
          {(all) => <DataTable label="Members" columns={columns} rows={all} rowKey={(member) => member.id} />}
        </Loaded>
      </div>
      {opened && <MemberDialog slug={slug} onClose={dialog.close} />}
    </section>
  );
}

function RemoveMember({ slug, member }: { slug: string; member: Member }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeMember, { params: { slug, id: member.id } }),
    onSuccess: () => Promise.all(['members', 'users', 'workspaces'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <ConfirmButton
      size="xs"
      ask={{
        title: `Remove ${member.name}?`,
        text: 'Tokens and grants of this workspace end at once. An account that is in no other workspace is deleted.',
        confirm: 'Remove',
        isDanger: true,
      }}
      mutation={remove}
      aria-label={`Remove ${member.name}`}
    >
      Remove
    </ConfirmButton>
  );
}
