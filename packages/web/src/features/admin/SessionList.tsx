import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { revokeMySessions, revokeSession } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { sessionsQuery } from './admin.queries.ts';
import { sessionColumns } from './session-columns.tsx';

const columns = sessionColumns((session) => <EndSession id={session.id} />);

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
