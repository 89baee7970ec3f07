import { Button, Select, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClockPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeGrant } from '@tidewheel/client/routes';
import type { Grant } from '@tidewheel/contract/routes/access';
import { useState } from 'react';
import { permissionWords } from '../../../shared/access/permission-words.ts';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useRoleTitle } from '../../../shared/roles.ts';
import { Time } from '../../../shared/Time.tsx';
import { AccessTabs } from '../AccessTabs.tsx';
import { grantsQuery } from '../access.queries.ts';
import { DelegationTable } from '../DelegationTable.tsx';
import { GrantDialog } from '../GrantDialog.tsx';
import { whereText } from '../rule-text.ts';
import { StateText } from '../StateText.tsx';
import { useGrantsAll } from '../use-grants-all.ts';

const columns: TableColumn<Grant>[] = [
  { key: 'to', title: 'To', isHead: true, render: (grant) => grant.user.email },
  {
    key: 'what',
    title: 'What',
    isWide: true,
    render: (grant) => (
      <>
        <Text size="sm">
          <GrantText grant={grant} />
        </Text>
        <Text size="xs" c="dimmed">
          {grant.reason}, by {grant.createdBy}
        </Text>
      </>
    ),
  },
  { key: 'state', title: 'State', render: (grant) => <StateText state={grant.state} /> },
  { key: 'from', title: 'From', render: (grant) => <Time at={grant.from} relative /> },
  { key: 'until', title: 'Until', isWide: true, render: (grant) => (grant.until === null ? 'no end' : <Time at={grant.until} />) },
  { key: 'revoke', title: 'Actions', align: 'right', render: (grant) => (grant.state === 'active' || grant.state === 'planned') && <Revoke grant={grant} /> },
];

/** What members have beyond their roles, and what they lend one another. */
export function GrantsPage() {
  const grantsAll = useGrantsAll();
  const [state, setState] = useState<Grant['state'] | null>(null);
  const [opened, dialog] = useDisclosure(false);
  const query = useInfiniteQuery(grantsQuery(state ?? undefined));
  return (
    <>
      <PageHeader
        title="Roles and access"
        actions={
          grantsAll && (
            <Button leftSection={<IconClockPlus size={16} aria-hidden />} onClick={dialog.open}>
              Give more for a time
            </Button>
          )
        }
      />
      <AccessTabs here="/admin/grants" />
      <Select
        size="xs"
        w={180}
        mb="sm"
        aria-label="State"
        placeholder="Any state"
        clearable
        data={['active', 'planned', 'lapsed', 'revoked']}
        value={state}
        onChange={(value) => setState(value as Grant['state'] | null)}
      />
      <PagedList
        label="Grants"
        query={query}
        columns={columns}
        rowKey={(grant) => grant.id}
        one="grant"
        many="grants"
        empty={
          <EmptyState icon={IconClockPlus} title={state === null ? 'No grants yet' : 'No grant in this state'}>
            A grant gives a member more than the role does, until a day. A flow or a connection is shared from its own page.
          </EmptyState>
        }
      />
      {grantsAll && (
        <>
          <Title order={2} mt="lg" mb="xs">
            Delegations
          </Title>
          <DelegationTable of="all" />
        </>
      )}
      {opened && <GrantDialog onClose={dialog.close} />}
    </>
  );
}

function GrantText({ grant: { role, share, rules } }: { grant: Grant }) {
  const roleTitle = useRoleTitle();
  if (role !== null) return <>The role {roleTitle(role)}</>;
  if (share) return <>{`${share.permissions.map((permission) => permissionWords[permission]).join(', ')}: ${share.type} ${share.object}`}</>;
  return <>{(rules ?? []).map((rule) => `${rule.permissions.map((one) => permissionWords[one]).join(', ')}${whereText(rule.where)}`).join('; ')}</>;
}

function Revoke({ grant: { id, user } }: { grant: Grant }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeGrant, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['grants'] }),
  });
  const ask = { title: `Revoke the grant of ${user.email}?`, text: 'It ends at once. What the role gives stays.', confirm: 'Revoke', isDanger: true };
  return (
    <ConfirmButton size="xs" ask={ask} mutation={revoke} aria-label={`Revoke the grant of ${user.email}`}>
      Revoke
    </ConfirmButton>
  );
}
