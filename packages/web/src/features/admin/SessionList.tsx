import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { revokeMySessions, revokeSession } from '@tidewheel/client/routes';
import type { Session } from '@tidewheel/contract/routes/identity';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { Time } from '../../shared/Time.tsx';
import { sessionsQuery } from './admin.queries.ts';
import { agentName } from './agent-name.ts';

const columns: TableColumn<Session>[] = [
  {
    key: 'agent',
    title: 'Where',
    isHead: true,
    render: (session) => (
      <span title={session.agent ?? undefined}>
        {agentName(session.agent)}
        {session.current && ' (this one)'}
      </span>
    ),
  },
  { key: 'address', title: 'Address', render: (session) => session.address ?? '–' },
  { key: 'since', title: 'Signed in', render: (session) => <Time at={session.createdAt} relative /> },
  { key: 'seen', title: 'Last seen', render: (session) => <Time at={session.lastSeenAt} relative /> },
  { key: 'until', title: 'Ends', render: (session) => <Time at={session.expiresAt} /> },
  { key: 'end', title: 'Actions', align: 'right', render: (session) => !session.current && <EndSession id={session.id} /> },
];

/** Where I am signed in. */
export function SessionList() {
  const sessions = useQuery(sessionsQuery);
  return (
    <div className="tw-card">
      <Loaded query={sessions} lines={3}>
        {(all) => <DataTable label="Sessions" columns={columns} rows={all} rowKey={(session) => session.id} />}
      </Loaded>
      {(sessions.data?.length ?? 0) > 1 && <EndOthers />}
    </div>
  );
}

function EndOthers() {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.call(revokeMySessions),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <div style={{ padding: 12, textAlign: 'right' }}>
      <ConfirmButton
        size="xs"
        ask={{ title: 'End all your other sessions?', text: 'Whoever uses them has to sign in again.', confirm: 'End them', isDanger: true }}
        mutation={end}
      >
        End all others
      </ConfirmButton>
    </div>
  );
}

function EndSession({ id }: { id: string }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.call(revokeSession, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <ConfirmButton
      size="xs"
      ask={{ title: 'End this session?', text: 'Whoever uses it has to sign in again.', confirm: 'End it', isDanger: true }}
      mutation={end}
    >
      End
    </ConfirmButton>
  );
}
