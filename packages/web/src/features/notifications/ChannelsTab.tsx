import { Button, Group } from '@mantine/core';
import { IconBell, IconPlus, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { archiveChannel, testChannel } from '@tidewheel/client/routes';
import type { Channel } from '@tidewheel/contract/notify';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { Time } from '../../shared/Time.tsx';
import { ChannelDialog } from './ChannelDialog.tsx';
import { NamedHead, RemoveButton } from './NamedTab.tsx';
import { channelsQuery } from './notifications.queries.ts';

/** The ways by which people are told. */
export function ChannelsTab({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(channelsQuery);
  const [opened, setOpened] = useState<Channel | 'new' | null>(null);
  const test = useMutation({
    mutationFn: (slug: string) => api.call(testChannel, { params: { slug } }),
    onSuccess: ({ answer }) => announce(`Sent: ${answer}`),
  });
  const columns: TableColumn<Channel>[] = [
    {
      key: 'title',
      title: 'Channel',
      isHead: true,
      render: ({ title, slug }) => <NamedHead title={title} slug={slug} />,
    },
    { key: 'type', title: 'Type', render: (channel) => channel.type },
    { key: 'reaches', title: 'Reaches', render: (channel) => (channel.reaches === 'people' ? 'Each recipient' : 'One place') },
    { key: 'state', title: 'State', render: (channel) => <ChannelState channel={channel} /> },
    ...(canEdit
      ? [
          {
            key: 'actions',
            title: 'Actions',
            align: 'right' as const,
            isWide: true,
            render: (channel: Channel) => (
              <Group gap={6} justify="flex-end">
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<IconSend size={14} aria-hidden />}
                  loading={test.isPending && test.variables === channel.slug}
                  onClick={() => test.mutate(channel.slug)}
                  aria-label={`Send a test by ${channel.title}`}
                >
                  Test
                </Button>
                <Button size="compact-xs" variant="default" onClick={() => setOpened(channel)} aria-label={`Change ${channel.title}`}>
                  Change
                </Button>
                {!channel.builtIn && <ArchiveButton channel={channel} />}
              </Group>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      {canEdit && (
        <Group mb="sm">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened('new')}>
            New channel
          </Button>
        </Group>
      )}
      {test.error && <ErrorNotice title="The test was not sent" error={test.error} />}
      <div className="tw-card">
        <Loaded query={query}>
          {(channels) =>
            channels.length === 0 ? (
              <EmptyState icon={IconBell} title="No channels" />
            ) : (
              <DataTable label="Channels" columns={columns} rows={channels} rowKey={(channel) => channel.slug} />
            )
          }
        </Loaded>
      </div>
      {opened && <ChannelDialog channel={opened === 'new' ? null : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function ChannelState({ channel }: { channel: Channel }) {
  if (!channel.enabled) return <StatusBadge state="off" label="Off" bare />;
  if (channel.restingUntil)
    return (
      <>
        <StatusBadge state="waiting" label="Rests" bare /> until <Time at={channel.restingUntil} />
      </>
    );
  return <StatusBadge state="active" label="On" bare />;
}

function ArchiveButton({ channel: { slug, title } }: { channel: Channel }) {
  return (
    <RemoveButton
      title={title}
      verb="Archive"
      ask={`Archive ${title}?`}
      text="Nothing is sent by it any more, and its secret is forgotten."
      call={() => api.call(archiveChannel, { params: { slug } })}
      queryKey={['channels', 'list']}
    />
  );
}
