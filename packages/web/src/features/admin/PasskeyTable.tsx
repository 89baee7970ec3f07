import { Button, Group } from '@mantine/core';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { DataTable } from '../../shared/DataTable.tsx';
import { Time } from '../../shared/Time.tsx';

export function PasskeyTable({ passkeys, onRename, onRemove }: { passkeys: Passkey[]; onRename: (one: Passkey) => void; onRemove: (one: Passkey) => void }) {
  return (
    <DataTable
      label="Passkeys"
      rows={passkeys}
      rowKey={(passkey) => passkey.id}
      columns={[
        { key: 'title', title: 'Passkey', isHead: true, render: (passkey) => (passkey.usable ? passkey.title : `${passkey.title} (made for another address)`) },
        { key: 'kept', title: 'Kept', render: (passkey) => (passkey.backedUp ? 'on several devices' : 'on one device') },
        { key: 'made', title: 'Made', render: (passkey) => <Time at={passkey.createdAt} relative /> },
        { key: 'used', title: 'Last used', render: (passkey) => <Time at={passkey.lastUsedAt} relative /> },
        {
          key: 'actions',
          title: 'Actions',
          align: 'right',
          render: (passkey) => (
            <Group gap="xs" justify="flex-end" wrap="nowrap">
              <Button size="xs" variant="default" aria-label={`Rename ${passkey.title}`} onClick={() => onRename(passkey)}>
                Rename
              </Button>
              <Button size="xs" variant="default" aria-label={`Remove ${passkey.title}`} onClick={() => onRemove(passkey)}>
                Remove
              </Button>
            </Group>
          ),
        },
      ]}
    />
  );
}
