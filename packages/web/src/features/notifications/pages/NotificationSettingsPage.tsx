import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { ChannelsTab } from '../ChannelsTab.tsx';
import { MessagesTab } from '../MessagesTab.tsx';
import { NotifierFacts } from '../NotifierFacts.tsx';
import { RulesTab } from '../RulesTab.tsx';
import { TeamsTab } from '../TeamsTab.tsx';
import { TemplatesTab } from '../TemplatesTab.tsx';

const route = getRouteApi('/app/admin/notifications');

/** Who is told of what, by which channels and in which words; and what became of each message. */
export function NotificationSettingsPage() {
  const { tab = 'rules' } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('channel.edit');
  const canSeeWorker = useCan('system.read');
  return (
    <>
      <PageHeader title="Notifications" facts={canSeeWorker && <NotifierFacts />} />
      <Tabs value={tab} onChange={(chosen) => void navigate({ search: { tab: chosen as typeof tab }, replace: true })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="rules">Rules</Tabs.Tab>
          <Tabs.Tab value="channels">Channels</Tabs.Tab>
          <Tabs.Tab value="teams">Teams</Tabs.Tab>
          <Tabs.Tab value="templates">Templates</Tabs.Tab>
          {canEdit && <Tabs.Tab value="messages">Messages</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="rules">
          <RulesTab canEdit={canEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="channels">
          <ChannelsTab canEdit={canEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <TeamsTab canEdit={canEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplatesTab canEdit={canEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <MessagesTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
