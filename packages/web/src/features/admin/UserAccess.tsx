import { Title } from '@mantine/core';
import { IconDeviceLaptop, IconKey } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endUserSession, revokeUserToken } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { Time } from '../../shared/Time.tsx';
import { sessionColumns } from './session-columns.tsx';
import { userSessionsQuery, userTokensQuery } from './user.queries.ts';

/** Where a user is signed in, for administrators. */
export function UserSessions({ id }: { id: string }) {
  const sessions = useQuery(userSessionsQuery(id));
  const columns = sessionColumns((session) => <EndSession user={id} session={session.id} />);
  return (
    <section style={{ marginTop: 24 }}>
      <Title order={2} mb="xs">
        Sessions
      </Title>
      <div className="tw-card">
        <Loaded query={sessions} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconDeviceLaptop} title="Not signed in">
                Browsers and programs in which this user is signed in are listed here.
              </EmptyState>
            ) : (
              <DataTable label="Sessions" columns={columns} rows={all} rowKey={(session) => session.id} />
            )
          }
        </Loaded>
      </div>
    </section>
  );
}

function EndSession({ user, session }: { user: string; session: string }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.call(endUserSession, { params: { id: user, session } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users', user] }),
  });
  const ask = { title: 'End this session?', text: 'Whoever uses it has to sign in again.', confirm: 'End it', isDanger: true };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={end}>
      End
    </ConfirmButton>
  );
}

/** A user's API tokens in this workspace, for administrators. */
export function UserTokens({ id }: { id: string }) {
  const tokens = useQuery(userTokensQuery(id));
  return (
    <section style={{ marginTop: 24 }}>
      <Title order={2} mb="xs">
        API tokens
      </Title>
      <div className="tw-card">
        <Loaded query={tokens} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconKey} title="No API tokens">
                Tokens that this user makes for the command line and scripts are listed here, without their secret.
              </EmptyState>
            ) : (
              <DataTable
                label="API tokens"
                rows={all}
                rowKey={(token) => token.id}
                columns={[
                  { key: 'title', title: 'Token', isHead: true, render: (token) => token.title },
                  { key: 'made', title: 'Made', render: (token) => <Time at={token.createdAt} relative /> },
                  { key: 'used', title: 'Last used', render: (token) => <Time at={token.lastUsedAt} relative /> },
                  { key: 'until', title: 'Valid until', render: (token) => <Time at={token.expiresAt} /> },
                  { key: 'revoke', title: 'Actions', align: 'right', render: (token) => <RevokeToken user={id} token={token.id} title={token.title} /> },
                ]}
              />
            )
          }
        </Loaded>
      </div>
    </section>
  );
}

function RevokeToken({ user, token, title }: { user: string; token: string; title: string }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeUserToken, { params: { id: user, token } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users', user] }),
  });
  const ask = { title: `Revoke the token ${title}?`, text: 'Whatever uses it stops working at once.', confirm: 'Revoke', isDanger: true };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={revoke} aria-label={`Revoke ${title}`}>
      Revoke
    </ConfirmButton>
  );
}
