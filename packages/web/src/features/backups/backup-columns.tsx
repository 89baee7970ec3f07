import { Button, Group, Text } from '@mantine/core';
import { downloadBackup } from '@tidewheel/client/routes';
import type { Backup } from '@tidewheel/contract/backup';
import { api } from '../../shared/api.ts';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { formatBytes } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { badgeOf, originWords, scopeWords } from './backup-words.ts';

export const backupColumns = (open: (backup: number) => void): TableColumn<Backup>[] => [
  {
    key: 'title',
    title: 'Backup',
    isHead: true,
    render: (backup) => (
      <>
        <Text size="sm" fw={600}>
          {backup.number} · {backup.title}
        </Text>
        <Text size="xs" c="dimmed">
          {scopeWords[backup.scope]}
          {backup.encrypted && ', encrypted'}
          {backup.place && `, at ${backup.place.connection}`}
        </Text>
      </>
    ),
  },
  { key: 'state', title: 'State', render: (backup) => <StatusBadge bare {...badgeOf(backup)} /> },
  { key: 'verified', title: 'Verified', render: (backup) => <Verified backup={backup} /> },
  { key: 'size', title: 'Size', align: 'right', render: (backup) => (backup.size === null ? '–' : formatBytes(backup.size)) },
  { key: 'at', title: 'Made', render: (backup) => <Time at={backup.madeAt} relative /> },
  { key: 'by', title: 'Who', isWide: true, render: (backup) => `${backup.createdBy}, ${originWords[backup.origin]}` },
  {
    key: 'open',
    title: '',
    align: 'right',
    render: (backup) => (
      <Group gap={6} justify="flex-end" wrap="nowrap">
        {backup.state === 'ready' && <DownloadButton href={api.addressOf(downloadBackup, { params: { backup: backup.number } })} fileName={backup.fileName} />}
        <Button size="xs" variant="default" aria-label={`Open backup ${backup.number}`} onClick={() => open(backup.number)}>
          Open
        </Button>
      </Group>
    ),
  },
];

function Verified({ backup: { verified } }: { backup: Backup }) {
  if (!verified) return <Text size="sm">not yet</Text>;
  if (verified.fault !== null) return <StatusBadge bare state="failed" label="Does not hold" />;
  return (
    <>
      <Time at={verified.at} relative />
      {!verified.opened && ', not opened'}
    </>
  );
}
