import { Text } from '@mantine/core';
import { IconUserShare } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { endDelegation } from '@tidewheel/client/routes';
import type { Delegation } from '@tidewheel/contract/routes/access';
import { permissionWords } from '../../shared/access/permission-words.ts';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { Time } from '../../shared/Time.tsx';
import { delegationsQuery } from './access.queries.ts';
import { StateText } from './StateText.tsx';

const columns: TableColumn<Delegation>[] = [
  { key: 'from', title: 'From', isHead: true, render: (one) => one.from.email },
  { key: 'to', title: 'To', isWide: true, render: (one) => one.to.email },
  {
    key: 'what',
    title: 'What',
    isWide: true,
    render: (one) => (
      <>
        <Text size="sm">{one.permissions?.map((permission) => permissionWords[permission]).join(', ') ?? 'All that the role gives'}</Text>
        <Text size="xs" c="dimmed">
          {one.reason}
        </Text>
      </>
    ),
  },
  { key: 'state', title: 'State', render: (one) => <StateText state={one.state} /> },
  { key: 'until', title: 'Until', isWide: true, render: (one) => <Time at={one.until} /> },
  { key: 'end', title: 'Actions', align: 'right', render: (one) => (one.state === 'active' || one.state === 'planned') && <End delegation={one} /> },
];

/** What members lend one another. */
export function DelegationTable({ of }: { of: 'mine' | 'all' }) {
  const query = useInfiniteQuery(delegationsQuery(of));
  const empty = (
    <EmptyState icon={IconUserShare} title="Nothing is lent">
      Who is away can lend a colleague what the own role gives, until a day. What is done with it is audited with both names.
    </EmptyState>
  );
  return <PagedList label="Delegations" query={query} columns={columns} rowKey={(one) => one.id} empty={empty} one="delegation" many="delegations" />;
}

function End({ delegation: { id, from, to } }: { delegation: Delegation }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.call(endDelegation, { params: { id } }),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['delegations'] }), queries.invalidateQueries({ queryKey: ['me'] })]),
  });
  const ask = { title: 'End it now?', text: `${to.email} acts for ${from.email} no more, at once.`, confirm: 'End it', isDanger: true };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={end} aria-label={`End what ${from.email} lent ${to.email}`}>
      End
    </ConfirmButton>
  );
}
