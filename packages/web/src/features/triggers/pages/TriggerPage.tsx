import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Trigger } from '@tidewheel/contract/trigger';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import classes from '../../../shared/Split.module.css';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { useCan } from '../../../shared/session.ts';
import { kindTitles } from '../../../shared/triggers/trigger-columns.tsx';
import { TriggerActions } from '../TriggerActions.tsx';
import { TriggerForm } from '../TriggerForm.tsx';
import { TriggerHistory } from '../TriggerHistory.tsx';
import { TriggerState } from '../TriggerState.tsx';
import { TriggerTestCard } from '../TriggerTestCard.tsx';
import { kindsQuery, triggerQuery } from '../triggers.queries.ts';

const route = getRouteApi('/app/triggers/$slug');

export function TriggerPage() {
  const { slug } = route.useParams();
  const query = useQuery(triggerQuery(slug));
  return <Loaded query={query}>{(trigger) => <TriggerView trigger={trigger} />}</Loaded>;
}

function TriggerView({ trigger }: { trigger: Trigger }) {
  const { tab = 'history', state } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('trigger.edit', { flow: trigger.flow, folder: trigger.folder });
  const show = (part: ReturnType<typeof route.useSearch>) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  return (
    <>
      <PageHeader
        title={trigger.title}
        above={<Link to="/triggers">Triggers</Link>}
        facts={
          <>
            <StatusBadge state={trigger.archivedAt ? 'archived' : trigger.health} />
            <span>{kindTitles[trigger.kind]}</span>
            <span className="tw-mono">{trigger.slug}</span>
            <HistoryLink id={trigger.id} />
          </>
        }
        actions={canEdit && <TriggerActions trigger={trigger} />}
      />
      <Tabs value={tab} onChange={(value) => show({ tab: value === 'settings' ? 'settings' : undefined })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="history">State and history</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="history">
          <div className={classes['split']}>
            <TriggerHistory trigger={trigger} state={state} onState={(next) => show({ state: next })} />
            <div className={classes['side']}>
              <TriggerState trigger={trigger} />
              {canEdit && trigger.archivedAt === null && <TriggerTestCard trigger={trigger} />}
            </div>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings trigger={trigger} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Settings({ trigger }: { trigger: Trigger }) {
  const kinds = useQuery(kindsQuery);
  return (
    <Loaded query={kinds}>
      {(found) => {
        const kind = found.find((one) => one.kind === trigger.kind);
        // Its state changes by itself: only a change of its settings makes the form anew.
        return (
          kind && (
            <TriggerForm key={trigger.archivedAt ?? JSON.stringify([trigger.config, trigger.parameters])} kind={kind} trigger={trigger} flow={trigger.flow} />
          )
        );
      }}
    </Loaded>
  );
}
