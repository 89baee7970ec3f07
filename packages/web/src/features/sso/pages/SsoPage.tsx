import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogin2, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { Time } from '../../../shared/Time.tsx';
import { ProviderForm } from '../ProviderForm.tsx';
import { providersQuery } from '../sso.queries.ts';

const columns: TableColumn<SsoProvider>[] = [
  {
    key: 'title',
    title: 'Provider',
    isHead: true,
    render: (provider) => (
      <>
        <Link to="/admin/sso/$slug" params={{ slug: provider.slug }} style={{ fontWeight: 600 }}>
          {provider.title}
        </Link>
        <Text size="xs" c="dimmed">
          {provider.issuer}
        </Text>
      </>
    ),
  },
  { key: 'enabled', title: 'On the sign-in page', render: (provider) => (provider.enabled ? 'yes' : 'no') },
  { key: 'domains', title: 'Domains', render: (provider) => provider.emailDomains.join(', ') || '–' },
  { key: 'rules', title: 'Rules', align: 'right', render: (provider) => provider.mapping.rules.length },
  { key: 'users', title: 'Linked accounts', align: 'right', render: (provider) => provider.users },
  { key: 'updated', title: 'Changed', render: (provider) => <Time at={provider.updatedAt} relative /> },
];

/** The providers through which people sign in. */
export function SsoPage() {
  const providers = useQuery(providersQuery);
  const [opened, dialog] = useDisclosure(false);
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      Add a provider
    </Button>
  );
  return (
    <>
      <PageHeader title="Single sign-on" actions={(providers.data?.length ?? 0) > 0 && add} />
      <div className="tw-card">
        <Loaded query={providers}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState icon={IconLogin2} title="No provider yet" action={add}>
                With OpenID Connect people sign in where your company keeps them (Entra ID, Okta, Keycloak, Google …), and its groups decide their roles.
              </EmptyState>
            ) : (
              <DataTable label="Providers" columns={columns} rows={rows} rowKey={(provider) => provider.slug} />
            )
          }
        </Loaded>
      </div>
      <Modal opened={opened} onClose={dialog.close} title="Add a provider" size="xl">
        <ProviderForm provider={null} />
      </Modal>
    </>
  );
}
