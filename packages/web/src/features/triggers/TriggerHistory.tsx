import { Button, Code, Group, Select, Text, Title, UnstyledButton } from '@mantine/core';
import { IconBolt, IconRepeat } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { replayTriggerEvent } from '@tidewheel/client/routes';
import { type Trigger, type TriggerEvent, type TriggerEventState, triggerEventStates } from '@tidewheel/contract/trigger';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { announce } from '../../shared/notify.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { statusOf } from '../../shared/status.ts';
import { Time } from '../../shared/Time.tsx';
import { eventsQuery } from './triggers.queries.ts';

interface TriggerHistoryProps {
  trigger: Trigger;
  state: TriggerEventState | undefined;
  onState: (state: TriggerEventState | undefined) => void;
}

/** What came to a trigger, and what became of it. */
export function TriggerHistory({ trigger, state, onState }: TriggerHistoryProps) {
  const query = useInfiniteQuery({ ...eventsQuery(trigger.slug, state), refetchInterval: 5_000 });
  const [open, setOpen] = useState<TriggerEvent | null>(null);
  const columns: TableColumn<TriggerEvent>[] = [
    {
      key: 'title',
      title: 'What came',
      isHead: true,
      render: (event) => (
        <>
          <UnstyledButton className="tw-link" onClick={() => setOpen(event)} style={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
            {event.title}
          </UnstyledButton>
          {event.reason && (
            <Text size="xs" c={event.state === 'refused' ? 'var(--tw-fail)' : 'dimmed'} lineClamp={2}>
              {event.reason}
            </Text>
          )}
        </>
      ),
    },
    { key: 'state', title: 'State', render: (event) => <StatusBadge state={event.state} bare /> },
    { key: 'run', title: 'Run', render: (event) => <RunLink event={event} /> },
    { key: 'times', title: 'Times', align: 'right', isWide: true, render: (event) => event.times },
    { key: 'at', title: 'Came', render: (event) => <Time at={event.at} relative /> },
  ];
  const empty = (
    <EmptyState icon={IconBolt} title={state ? 'Nothing in this state' : 'Nothing came yet'}>
      Every event is kept here for 90 days: the run that it started, or why it started none.
    </EmptyState>
  );
  return (
    <section style={{ minWidth: 0 }}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          History
        </Title>
        <Select
          aria-label="State of events"
          placeholder="Any state"
          clearable
          data={triggerEventStates.map((value) => ({ value, label: statusOf(value).label }))}
          value={state ?? null}
          onChange={(value) => onState((value as TriggerEventState | null) ?? undefined)}
          w={160}
          size="xs"
        />
      </Group>
      <PagedList label="History" query={query} columns={columns} rowKey={(event) => event.id} empty={empty} one="event" many="events" />
      {open && <EventDrawer trigger={trigger} event={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function RunLink({ event: { run } }: { event: TriggerEvent }) {
  if (!run) return '–';
  return (
    <Link to="/runs/$id" params={{ id: run.id }} search={{}}>
      #{run.number}
    </Link>
  );
}

function EventDrawer({ trigger, event, onClose }: { trigger: Trigger; event: TriggerEvent; onClose: () => void }) {
  const queries = useQueryClient();
  const attributes = { flow: trigger.flow, folder: trigger.folder };
  const [canEdit, canRun] = [useCan('trigger.edit', attributes), useCan('flow.run', attributes)];
  const canReplay = canEdit && canRun && event.event !== null && trigger.archivedAt === null;
  const replay = useMutation({
    mutationFn: () => api.call(replayTriggerEvent, { params: { slug: trigger.slug, id: event.id } }),
    onSuccess: async (made) => {
      announce(made.run ? `Run ${made.run.number} is started.` : `No run is started: ${made.reason ?? made.state}`);
      await queries.invalidateQueries({ queryKey: ['triggers'] });
      onClose();
    },
  });
  return (
    <SideDrawer title={event.title} onClose={onClose}>
      <Group gap="xs" mb="sm">
        <StatusBadge state={event.state} />
        <RunLink event={event} />
        <Time at={event.at} />
      </Group>
      {event.reason && (
        <Text size="sm" mb="sm">
          {event.reason}
        </Text>
      )}
      {event.times > 1 && (
        <Text size="sm" mb="sm">
          It came {event.times} times, last <Time at={event.lastAt} relative />.
        </Text>
      )}
      {event.replayOf && (
        <Text size="sm" mb="sm">
          Somebody fired again for an earlier event.
        </Text>
      )}
      {canReplay && (
        <ConfirmButton
          mutation={replay}
          size="xs"
          mb="sm"
          leftSection={<IconRepeat size={14} aria-hidden />}
          ask={{ title: 'Fire again?', text: `${trigger.flowTitle} is started for this event once more, by the settings of now.`, confirm: 'Fire again' }}
        >
          Fire again
        </ConfirmButton>
      )}
      {event.event ? (
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} tabIndex={0}>
          {JSON.stringify(event.event, null, 2)}
        </Code>
      ) : (
        <Text size="sm" c="dimmed">
          Nothing of it was kept, or your role hides it.
        </Text>
      )}
      <Button variant="default" size="xs" mt="md" onClick={onClose}>
        Close
      </Button>
    </SideDrawer>
  );
}
