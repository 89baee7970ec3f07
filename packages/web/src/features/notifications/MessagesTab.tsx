import { Button, Group, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconRefresh, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { resendMessages } from '@tidewheel/client/routes';
import { messageStates, type NotificationMessage } from '@tidewheel/contract/notify';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { statusOf } from '../../shared/status.ts';
import { Time } from '../../shared/Time.tsx';
import { MessageDrawer } from './MessageDrawer.tsx';
import { MessageState } from './MessageState.tsx';
import { channelsQuery, messagesQuery } from './notifications.queries.ts';

const route = getRouteApi('/app/admin/notifications');

/** What became of each message, and sending again what was given up. */
export function MessagesTab() {
  const { state, channel, to } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({ ...messagesQuery({ state, channel, to }), refetchInterval: 5_000 });
  const [opened, setOpened] = useState<NotificationMessage | null>(null);
  const channels = useQuery(channelsQuery).data ?? [];
  const resend = useResend();
  const set = (part: { state?: typeof state; channel?: string | undefined; to?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const again = ({ id }: NotificationMessage) => {
    setOpened(null);
    resend.mutate([id]);
  };
  const columns: TableColumn<NotificationMessage>[] = [
    { key: 'what', title: 'Message', isHead: true, render: (message) => <What message={message} onOpen={() => setOpened(message)} /> },
    { key: 'state', title: 'State', render: (message) => <MessageState state={message.state} /> },
    { key: 'channel', title: 'Channel', render: (message) => message.channel },
    { key: 'to', title: 'To', render: (message) => message.to ?? '–' },
    { key: 'attempts', title: 'Attempts', align: 'right', render: (message) => message.attempts },
    { key: 'due', title: 'Due', render: (message) => (message.dueAt ? <Time at={message.dueAt} relative /> : '–') },
    { key: 'at', title: 'Made', render: (message) => <Time at={message.createdAt} relative /> },
    {
      key: 'again',
      title: 'Actions',
      align: 'right',
      render: (message) =>
        message.state === 'failed' && (
          <Button size="compact-xs" variant="default" onClick={() => again(message)} aria-label={`Send again: ${message.title}`}>
            Send again
          </Button>
        ),
    },
  ];
  return (
    <>
      <Group gap="xs" mb="sm">
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          data={messageStates.map((value) => ({ value, label: value === 'unknown' ? 'Unknown' : statusOf(value).label }))}
          value={state ?? null}
          onChange={(value) => set({ state: (value ?? undefined) as typeof state })}
          w={150}
          size="xs"
        />
        <Select
          aria-label="Channel"
          placeholder="Any channel"
          clearable
          data={channels.map(({ slug, title }) => ({ value: slug, label: title }))}
          value={channel ?? null}
          onChange={(value) => set({ channel: value ?? undefined })}
          w={170}
          size="xs"
        />
        <TextInput
          aria-label="E-mail address"
          placeholder="E-mail address"
          defaultValue={to ?? ''}
          onBlur={(event) => set({ to: event.currentTarget.value.trim() || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && set({ to: event.currentTarget.value.trim() || undefined })}
          size="xs"
          w={220}
        />
        {state === 'failed' && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={resend.isPending}
            onClick={() => resend.mutate(undefined)}
          >
            Send all again
          </Button>
        )}
      </Group>
      {resend.error && <ErrorNotice error={resend.error} />}
      <PagedList
        label="Messages"
        query={query}
        columns={columns}
        rowKey={(message) => message.id}
        one="message"
        many="messages"
        empty={
          <EmptyState icon={IconSend} title={state || channel || to ? 'No message matches these filters' : 'No messages yet'}>
            Whatever is told to somebody stands here with what became of it, for 90 days.
          </EmptyState>
        }
      />
      {opened && <MessageDrawer message={opened} resend={opened.state === 'failed' ? () => again(opened) : null} onClose={() => setOpened(null)} />}
    </>
  );
}

function What({ message, onOpen }: { message: NotificationMessage; onOpen: () => void }) {
  const why = message.error ?? message.reason;
  return (
    <>
      <Text component="span" size="sm">
        <UnstyledButton className="tw-link" onClick={onOpen} style={{ overflowWrap: 'anywhere' }}>
          {message.title}
        </UnstyledButton>
        {message.more > 0 && <span> and {message.more} more</span>}
      </Text>
      {why && (
        <Text size="xs" c={message.error ? 'var(--tw-fail)' : 'dimmed'} lineClamp={2}>
          {why}
        </Text>
      )}
    </>
  );
}

function useResend() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | undefined) => api.call(resendMessages, { body: ids ? { ids } : {} }),
    onSuccess: ({ resent }) => {
      announce(resent === 1 ? 'One message goes out again.' : `${resent} messages go out again.`);
      return queries.invalidateQueries({ queryKey: ['notification-messages'] });
    },
  });
}
