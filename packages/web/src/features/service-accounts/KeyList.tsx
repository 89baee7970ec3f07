import { Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ServiceKey } from '@tidewheel/contract/routes/service-accounts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { scopeText } from '../../shared/keys/scope-lines.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { Time } from '../../shared/Time.tsx';
import { KeyActions } from './KeyActions.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { keysQuery } from './service-accounts.queries.ts';

const columns: TableColumn<ServiceKey>[] = [
  {
    key: 'title',
    title: 'Key',
    isHead: true,
    render: (key) => (
      <>
        <Text size="sm" fw={600}>
          {key.title}
        </Text>
        <Text size="xs" c="dimmed" className="tw-mono">
          {key.prefix}…
        </Text>
      </>
    ),
  },
  { key: 'scope', title: 'May', isWide: true, render: (key) => scopeText(key.scope) },
  { key: 'from', title: 'From', render: (key) => key.networks?.join(', ') ?? 'Everywhere' },
  {
    key: 'used',
    title: 'Last used',
    render: (key) => (
      <>
        <Time at={key.lastUsedAt} relative />
        {key.lastUsedAddress && (
          <Text size="xs" c="dimmed">
            from {key.lastUsedAddress}
          </Text>
        )}
      </>
    ),
  },
  { key: 'until', title: 'Valid until', render: (key) => <Time at={key.expiresAt} /> },
];

export function KeyList({ slug, canEdit }: { slug: string; canEdit: boolean }) {
  const keys = useQuery(keysQuery(slug));
  const [opened, dialog] = useDisclosure(false);
  const shown: TableColumn<ServiceKey>[] = canEdit
    ? [...columns, { key: 'do', title: 'Actions', align: 'right', isWide: true, render: (key) => <KeyActions slug={slug} serviceKey={key} /> }]
    : columns;
  const create = canEdit && (
    <Button size="xs" leftSection={<IconKey size={15} aria-hidden />} onClick={dialog.open}>
      New key
    </Button>
  );
  return (
    <section style={{ marginTop: 24 }}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>Keys</Title>
        {keys.data && keys.data.length > 0 && create}
      </Group>
      <div className="tw-card">
        <Loaded query={keys} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState icon={IconKey} title="No keys" action={create}>
                A program sends a key with each call. Give each program its own, with no more than it needs.
              </EmptyState>
            ) : (
              <DataTable label="Keys" rows={all} rowKey={(key) => key.id} columns={shown} />
            )
          }
        </Loaded>
      </div>
      {opened && <KeyDialog slug={slug} onClose={dialog.close} />}
    </section>
  );
}
