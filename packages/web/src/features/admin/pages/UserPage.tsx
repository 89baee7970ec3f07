import { Alert, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { renameUser } from '@tidewheel/client/routes';
import type { UserDetails } from '@tidewheel/contract/routes/users';
import { api } from '../../../shared/api.ts';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { useRoleTitle } from '../../../shared/roles.ts';
import { meQuery, useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { NameDialog } from '../NameDialog.tsx';
import { UserSessions, UserTokens } from '../UserAccess.tsx';
import { UserActions } from '../UserActions.tsx';
import { UserStanding } from '../UserStanding.tsx';
import { userQuery } from '../user.queries.ts';

const route = getRouteApi('/app/admin/users/$id');

/** One user: who it is, what an administrator can do, sessions and tokens. */
export function UserPage() {
  const { id } = route.useParams();
  const user = useQuery(userQuery(id));
  return (
    <>
      {user.error && <PageHeader title="User" above={<Link to="/admin/users">Users</Link>} />}
      <Loaded query={user}>{(loaded) => <UserView user={loaded} />}</Loaded>
    </>
  );
}

function UserView({ user }: { user: UserDetails }) {
  const me = useQuery(meQuery).data;
  const canEdit = useCan('user.edit') && user.email !== 'operator@localhost';
  const queries = useQueryClient();
  const [naming, dialog] = useDisclosure(false);
  const rename = async (name: string) => {
    await api.call(renameUser, { params: { id: user.id }, body: { name } });
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <>
      <PageHeader
        title={user.name}
        above={<Link to="/admin/users">Users</Link>}
        facts={
          <>
            <span>{user.email}</span>
            <HistoryLink id={user.id} />
          </>
        }
        actions={
          canEdit && (
            <>
              <Button variant="default" onClick={dialog.open}>
                Change name
              </Button>
              {user.id !== me?.id && <UserStanding user={user} />}
            </>
          )
        }
      />
      {naming && <NameDialog title={`Change the name of ${user.email}`} name={user.name} save={rename} onClose={dialog.close} />}
      {user.suspendedAt !== null && (
        <Alert color="yellow" variant="light" mb="md" maw={760} styles={{ title: { color: 'var(--mantine-color-text)' } }} title="Suspended">
          Since <Time at={user.suspendedAt} relative />. The user cannot sign in, and API tokens do not work.
        </Alert>
      )}
      <section className="tw-card" style={{ padding: '8px 16px', maxWidth: 760 }}>
        <UserFacts user={user} />
        {canEdit && <UserActions user={user} align="flex-start" />}
      </section>
      {canEdit && <UserSessions id={user.id} />}
      {canEdit && <UserTokens id={user.id} />}
    </>
  );
}

function UserFacts({ user }: { user: UserDetails }) {
  const roleTitle = useRoleTitle();
  return (
    <PairList
      pairs={[
        ['Role', roleTitle(user.role)],
        ['Address', user.emailVerified ? 'confirmed' : 'not confirmed'],
        ['Second factor', user.secondFactor ? 'on' : 'off'],
        ['Workspaces', user.elsewhere ? 'this one and others' : 'this one alone'],
        ['Member since', <Time key="since" at={user.createdAt} />],
        ['Last seen', <Time key="seen" at={user.lastSeenAt} relative />],
      ]}
    />
  );
}
