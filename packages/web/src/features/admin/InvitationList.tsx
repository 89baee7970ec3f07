import { Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { revokeInvitation } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { useRoleTitle } from '../../shared/roles.ts';
import { Time } from '../../shared/Time.tsx';
import { invitationsQuery } from './admin.queries.ts';

/** Invitations that nobody has accepted yet; nothing when there are none. */
export function InvitationList({ canEdit }: { canEdit: boolean }) {
  const invitations = useQuery(invitationsQuery);
  const roleTitle = useRoleTitle();
  if (invitations.data?.length === 0) return null;
  return (
    <section style={{ marginTop: 24 }}>
      <Title order={2} mb="xs">
        Open invitations
      </Title>
      <div className="tw-card">
        <Loaded query={invitations} lines={2}>
          {(all) => (
            <DataTable
              label="Open invitations"
              rows={all}
              rowKey={(invitation) => invitation.id}
              columns={[
                { key: 'email', title: 'E-mail', isHead: true, render: (invitation) => invitation.email },
                { key: 'role', title: 'Role', render: (invitation) => roleTitle(invitation.role) },
                { key: 'by', title: 'Invited by', isWide: true, render: (invitation) => invitation.createdBy },
                { key: 'until', title: 'Valid until', render: (invitation) => <Time at={invitation.expiresAt} /> },
                { key: 'revoke', title: 'Actions', align: 'right', render: (invitation) => canEdit && <Revoke id={invitation.id} email={invitation.email} /> },
              ]}
            />
          )}
        </Loaded>
      </div>
    </section>
  );
}

function Revoke({ id, email }: { id: string; email: string }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeInvitation, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  return (
    <ConfirmButton
      size="xs"
      ask={{ title: `Revoke the invitation of ${email}?`, text: 'Its link stops working at once.', confirm: 'Revoke', isDanger: true }}
      mutation={revoke}
      aria-label={`Revoke the invitation of ${email}`}
    >
      Revoke
    </ConfirmButton>
  );
}
