import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Credential } from '@tidewheel/contract/routes/credentials';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { credentialsQuery, credentialTypesQuery } from '../credentials.queries.ts';

const route = getRouteApi('/app/credentials');

const states = [
  { value: 'all', label: 'In use' },
  { value: 'expiring', label: 'Expiring' },
  { value: 'archived', label: 'Archived' },
];

export function CredentialsPage() {
  const { q, state } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('credential.edit');
  const query = useInfiniteQuery(credentialsQuery(q, state));
  const types = useQuery(credentialTypesQuery).data ?? [];
  const go = (next: { q?: string | undefined; state?: typeof state }) => void navigate({ search: { ...next }, replace: true });
  const search = useSearchText(q, (text) => go({ q: text, state }));
  const create = canEdit && (
    <LinkButton to="/credentials/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New credential
    </LinkButton>
  );
  const isFiltered = q !== undefined || state !== undefined;
  const clear = (
    <Button variant="default" onClick={() => (q === undefined ? go({}) : search.change(''))}>
      Show all
    </Button>
  );
  const empty = isFiltered ? (
    <EmptyState icon={IconKey} title={state === 'expiring' ? 'No credential ends soon' : 'No such credential'} action={clear} />
  ) : (
    <EmptyState icon={IconKey} title="No credentials yet" action={create}>
      A credential is a sign-in that several connections share: rotate it in one place, see where it is used, be told before it ends.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Credentials" actions={create} />
      <Group gap="sm" mb="sm">
        <NameSearch search={search} />
        <SegmentedControl
          size="xs"
          data={states}
          value={state ?? 'all'}
          onChange={(value) => go({ q, state: value === 'all' ? undefined : (value as typeof state) })}
          aria-label="Which credentials"
        />
      </Group>
      <PagedList
        label="Credentials"
        query={query}
        columns={columnsWith((type) => types.find((one) => one.type === type)?.title ?? type)}
        rowKey={(credential) => credential.id}
        empty={empty}
        one="credential"
        many="credentials"
      />
    </>
  );
}

function columnsWith(titleOf: (type: string) => string): TableColumn<Credential>[] {
  return [
    {
      key: 'name',
      title: 'Credential',
      isHead: true,
      render: (credential) => (
        <>
          <Link to="/credentials/$slug" params={{ slug: credential.slug }} style={{ fontWeight: 600 }}>
            {credential.title}
          </Link>
          <Text size="xs" c="dimmed">
            {credential.slug}
          </Text>
        </>
      ),
    },
    { key: 'type', title: 'Type', render: (credential) => titleOf(credential.type) },
    { key: 'used', title: 'Used by', align: 'right', render: (credential) => credential.usedBy },
    { key: 'last', title: 'Last used', render: (credential) => <Time at={credential.lastUsedAt} relative /> },
    { key: 'ends', title: 'Ends', render: (credential) => credential.expiresOn ?? '–' },
    { key: 'state', title: 'State', render: (credential) => <StatusBadge state={credential.state} bare /> },
  ];
}
