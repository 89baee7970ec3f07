import { Anchor, Button } from '@mantine/core';
import { IconPlus, IconTable } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ColorSession } from '@tidewheel/contract/color-session';
import { useState } from 'react';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { DeskFlowDialog } from '../sessions/DeskFlowDialog.tsx';
import { StartSessionDialog } from '../sessions/StartSessionDialog.tsx';
import { sessionsQuery } from '../sessions/sessions.queries.ts';

const route = getRouteApi('/app/colors/sessions');

export function SessionsPage() {
  const navigate = route.useNavigate();
  const canEdit = useCan('color.edit');
  const query = useInfiniteQuery(sessionsQuery());
  const [isStarting, setStarting] = useState(false);
  const start = canEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setStarting(true)}>
      Start a session
    </Button>
  );
  const empty = (
    <EmptyState icon={IconTable} title="No sessions yet" action={start}>
      A session takes what waits in the buffer, ranked by the rules. Look at it, correct it, put it in order, then process it.
    </EmptyState>
  );
  const [isChoosing, setChoosing] = useState(false);
  const flow = useCan('desk.edit') && (
    <Button variant="default" onClick={() => setChoosing(true)}>
      Flow of the desk
    </Button>
  );
  const hasSome = (query.data?.pages[0]?.items.length ?? 0) > 0;
  return (
    <>
      <PageHeader
        title="Sessions"
        actions={
          <>
            {flow}
            {hasSome && start}
          </>
        }
      />
      <PagedList label="Sessions" query={query} columns={columns} rowKey={({ id }) => id} empty={empty} one="session" many="sessions" />
      {isChoosing && <DeskFlowDialog onClose={() => setChoosing(false)} />}
      {isStarting && (
        <StartSessionDialog onClose={() => setStarting(false)} onStarted={(id) => void navigate({ to: '/colors/sessions/$id', params: { id }, search: {} })} />
      )}
    </>
  );
}

const shares = { no: 'only the owner', read: 'others read', edit: 'others edit' } as const;
const columns: TableColumn<ColorSession>[] = [
  {
    key: 'title',
    title: 'Session',
    isHead: true,
    render: ({ id, title }) => (
      <Anchor component={Link} to={`/colors/sessions/${id}`} size="sm">
        {title}
      </Anchor>
    ),
  },
  { key: 'state', title: 'State', render: ({ state, processing }) => (processing === null ? state : `${state} as ${processing}`) },
  { key: 'rows', title: 'Rows', align: 'right', render: ({ rows }) => rows.toLocaleString('en') },
  { key: 'changes', title: 'Changes', align: 'right', render: ({ revision }) => revision },
  { key: 'owner', title: 'Owner', render: ({ owner, mine }) => (mine ? 'you' : owner) },
  { key: 'shared', title: 'Shared', render: ({ shared }) => shares[shared] },
  { key: 'updated', title: 'Last changed', render: ({ updatedAt }) => <Time at={updatedAt} /> },
];
