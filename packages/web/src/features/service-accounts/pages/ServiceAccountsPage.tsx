import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { AccountDialog } from '../AccountDialog.tsx';
import { accountsQuery } from '../service-accounts.queries.ts';

const columns: TableColumn<ServiceAccount>[] = [
  {
    key: 'title',
    title: 'Service account',
    isHead: true,
    render: (account) => (
      <>
        <Link to="/admin/service-accounts/$slug" params={{ slug: account.slug }}>
          {account.title}
        </Link>
        <Text size="xs" c="dimmed">
          service:{account.slug}
        </Text>
      </>
    ),
  },
  { key: 'role', title: 'Role', render: (account) => (account.suspendedAt === null ? account.role : `${account.role}, suspended`) },
  { key: 'owner', title: 'Who answers for it', render: (account) => (account.owner === null ? 'Nobody' : account.owner || '–') },
  { key: 'keys', title: 'Keys', align: 'right', render: (account) => account.keys },
  { key: 'used', title: 'Last used', render: (account) => <Time at={account.lastUsedAt} relative /> },
  { key: 'until', title: 'Next key ends', render: (account) => <Time at={account.nextExpiry} relative /> },
];

/** The accounts of programs in this workspace. */
export function ServiceAccountsPage() {
  const accounts = useQuery(accountsQuery);
  const canEdit = useCan('service_account.edit');
  const navigate = useNavigate();
  const [opened, dialog] = useDisclosure(false);
  const create = canEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      New service account
    </Button>
  );
  return (
    <>
      <PageHeader title="Service accounts" actions={accounts.data && accounts.data.length > 0 && create} />
      <section className="tw-card">
        <Loaded query={accounts} lines={4}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconRobot} title="No service accounts" action={create}>
                A program that calls Tidewheel gets an account of its own, with a role and with keys that end. Nobody signs in as it.
              </EmptyState>
            ) : (
              <DataTable label="Service accounts" columns={columns} rows={all} rowKey={(account) => account.id} />
            )
          }
        </Loaded>
      </section>
      {opened && <AccountDialog onClose={dialog.close} onMade={(slug) => void navigate({ to: '/admin/service-accounts/$slug', params: { slug } })} />}
    </>
  );
}
