import type { Session } from '@tidewheel/contract/routes/identity';
import type { ReactNode } from 'react';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { Time } from '../../shared/Time.tsx';
import { agentName } from './agent-name.ts';

/** A session as my profile and a user's page show it. */
export function sessionColumns(end: (session: Session) => ReactNode): TableColumn<Session>[] {
  return [
    {
      key: 'agent',
      title: 'Where',
      isHead: true,
      render: (session) => (
        <span title={session.agent ?? undefined}>
          {session.kind === 'api' ? `Program: ${session.agent ?? 'unnamed'}` : agentName(session.agent)}
          {session.current && ' (this one)'}
        </span>
      ),
    },
    { key: 'address', title: 'Address', render: (session) => session.address ?? '–' },
    { key: 'since', title: 'Signed in', render: (session) => <Time at={session.createdAt} relative /> },
    { key: 'seen', title: 'Last seen', render: (session) => <Time at={session.lastSeenAt} relative /> },
    { key: 'until', title: 'Ends', render: (session) => <Time at={session.expiresAt} /> },
    { key: 'end', title: 'Actions', align: 'right', render: (session) => !session.current && end(session) },
  ];
}
