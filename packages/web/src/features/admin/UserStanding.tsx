import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { deleteUser, restoreUser, suspendUser } from '@tidewheel/client/routes';
import type { UserDetails } from '@tidewheel/contract/routes/users';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';

/** Shuts a user out for a while or for good. */
export function UserStanding({ user }: { user: UserDetails }) {
  return (
    <>
      {user.suspendedAt === null ? <Suspend user={user} /> : <Restore user={user} />}
      <Delete user={user} />
    </>
  );
}

function Suspend({ user }: { user: UserDetails }) {
  const queries = useQueryClient();
  const suspend = useMutation({
    mutationFn: () => api.call(suspendUser, { params: { id: user.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  const ask = {
    title: `Suspend ${user.name}?`,
    text: 'Sessions end at once, API tokens do not work, and what was lent to others ends. The role and the tokens are kept for when you restore the user.',
    confirm: 'Suspend',
    isDanger: true,
  };
  return (
    <ConfirmButton ask={ask} mutation={suspend}>
      Suspend
    </ConfirmButton>
  );
}

function Restore({ user }: { user: UserDetails }) {
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api.call(restoreUser, { params: { id: user.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  const ask = { title: `Let ${user.name} in again?`, text: 'The user can sign in, and API tokens work again.', confirm: 'Restore' };
  return (
    <ConfirmButton ask={ask} mutation={restore}>
      Restore
    </ConfirmButton>
  );
}

function Delete({ user }: { user: UserDetails }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => api.call(deleteUser, { params: { id: user.id } }),
    onSuccess: async ({ erased }) => {
      announce(erased ? `${user.name} is erased.` : `${user.name} is removed from this workspace.`);
      await navigate({ to: '/admin/users' });
      queries.removeQueries({ queryKey: ['users', user.id] });
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const ask = {
    title: `Delete ${user.name}?`,
    text: user.elsewhere
      ? 'The user leaves this workspace: sessions, API tokens and grants go. The account stays, since the user is in another workspace too.'
      : 'The account goes with its password, second factor, sessions, API tokens and grants. This cannot be undone. The audit trail stays and keeps the address.',
    confirm: 'Delete',
    isDanger: true,
  };
  return (
    <ConfirmButton ask={ask} mutation={remove}>
      Delete
    </ConfirmButton>
  );
}
