import { Button, Tabs } from '@mantine/core';
import { IconArchive, IconPlugConnected, IconRestore, IconZoomScan } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { archiveTarget, endMaintenance, gatherTarget, restoreTarget, testTarget } from '@tidewheel/client/routes';
import type { TargetDetail } from '@tidewheel/contract/target';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { MaintenanceDialog } from '../MaintenanceDialog.tsx';
import { TargetForm } from '../TargetForm.tsx';
import { TargetOverview } from '../TargetOverview.tsx';
import { TargetRuns } from '../TargetRuns.tsx';
import { TargetStatus } from '../TargetStatus.tsx';
import { targetQuery, transportsQuery } from '../targets.queries.ts';

const route = getRouteApi('/app/targets/$target');

export function TargetPage() {
  const { target } = route.useParams();
  const query = useQuery(targetQuery(target));
  return <Loaded query={query}>{(found) => <TargetView key={found.updatedAt} target={found} />}</Loaded>;
}

function TargetView({ target }: { target: TargetDetail }) {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const transports = useQuery(transportsQuery);
  const canRead = useCan('run.read');
  return (
    <>
      <PageHeader
        title={target.title}
        above={<Link to="/targets">Targets</Link>}
        facts={
          <>
            <TargetStatus state={target.state} />
            <span className="tw-mono">{target.name}</span>
            <HistoryLink id={target.id} />
          </>
        }
        actions={<TargetActions target={target} />}
      />
      <Tabs
        value={tab ?? 'overview'}
        onChange={(next) => void navigate({ search: next === 'settings' || next === 'runs' ? { tab: next } : {}, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          {canRead && <Tabs.Tab value="runs">Runs</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <TargetOverview target={target} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Loaded query={transports}>
            {(all) => <TargetForm target={target} transports={all} onSaved={(saved) => announce(`The host ${saved.name} is saved.`)} />}
          </Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <TargetRuns target={target.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** What can be done to a host; what went wrong is said below. */
function TargetActions({ target }: { target: TargetDetail }) {
  const queries = useQueryClient();
  const canEdit = useCan('target.edit', { target: target.name, os: target.os, category: target.category });
  const transport = useQuery(transportsQuery).data?.find(({ kind }) => kind === target.transport);
  const [isPlanning, setPlanning] = useState(false);
  const params = { target: target.id };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['targets'] });
  const test = useMutation({ mutationFn: () => api.call(testTarget, { params }), onSuccess });
  const gather = useMutation({ mutationFn: () => api.call(gatherTarget, { params }), onSuccess });
  const end = useMutation({ mutationFn: () => api.call(endMaintenance, { params }), onSuccess });
  const archive = useMutation({ mutationFn: () => api.call(archiveTarget, { params }), onSuccess });
  const restore = useMutation({ mutationFn: () => api.call(restoreTarget, { params }), onSuccess });
  if (!canEdit) return null;
  const failed = [test, gather, end, restore].find((one) => one.error);
  const ask = {
    title: 'Archive this host?',
    text: 'Flows that name it will fail until it is restored or they name another one.',
    confirm: 'Archive',
    isDanger: true,
  };
  return (
    <>
      {target.archivedAt !== null ? (
        <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()} leftSection={<IconRestore size={16} aria-hidden />}>
          Restore
        </Button>
      ) : (
        <>
          <Button loading={test.isPending} onClick={() => test.mutate()} leftSection={<IconPlugConnected size={16} aria-hidden />}>
            Test
          </Button>
          {transport?.gathers && (
            <Button variant="default" loading={gather.isPending} onClick={() => gather.mutate()} leftSection={<IconZoomScan size={16} aria-hidden />}>
              Find out facts
            </Button>
          )}
          {target.maintenance ? (
            <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
              End maintenance
            </Button>
          ) : (
            <Button variant="default" onClick={() => setPlanning(true)}>
              Maintenance
            </Button>
          )}
          <ConfirmButton ask={ask} mutation={archive} leftSection={<IconArchive size={16} aria-hidden />}>
            Archive
          </ConfirmButton>
        </>
      )}
      {isPlanning && <MaintenanceDialog target={target} onClose={() => setPlanning(false)} />}
      {failed?.error && <ErrorNotice error={failed.error} />}
    </>
  );
}
