import { Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { useCan } from '../../../shared/session.ts';
import { DraftActions } from '../DraftActions.tsx';
import { FlowHeader } from '../FlowHeader.tsx';
import { FlowRuns } from '../FlowRuns.tsx';
import { FlowVersions } from '../FlowVersions.tsx';
import { FlowWorkbench } from '../FlowWorkbench.tsx';
import { flowQuery } from '../flows.queries.ts';
import { RunDialog } from '../RunDialog.tsx';
import { type SavedFlow, useDraft } from '../use-draft.ts';
import { useLeaveGuard } from '../use-leave-guard.ts';
import classes from './FlowPage.module.css';

const route = getRouteApi('/app/flows/$slug');

export function FlowPage() {
  const { slug } = route.useParams();
  const query = useQuery(flowQuery(slug));
  return (
    <Loaded query={query} lines={12}>
      {(flow) => <FlowView key={flow.slug} flow={flow} />}
    </Loaded>
  );
}

function FlowView({ flow }: { flow: Flow }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('flow.edit', { flow: flow.slug, folder: flow.folder, kind: flow.kind }) && flow.archivedAt === null;
  const draft = useDraft({ saved: flow.source, document: flow.document, onSaved: (saved) => finished(saved) });
  const allowLeaving = useLeaveGuard(draft.isDirty, 'The changes to this flow are not saved. Leave them?');
  const finished = (saved: SavedFlow) => {
    announce(saved.outcome === 'unchanged' ? 'Nothing changed: no new version was made.' : `Version ${saved.version} is saved.`);
    if (saved.slug === flow.slug) return;
    allowLeaving();
    void navigate({ to: '/flows/$slug', params: { slug: saved.slug }, search: {} });
  };
  const show = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const tab = search.tab ?? 'editor';
  const renamed = draft.document && draft.document.flow !== flow.slug ? draft.document.flow : null;
  return (
    <>
      <FlowHeader flow={flow} isDirty={draft.isDirty} onRun={() => show({ run: true })} />
      <Tabs value={tab} onChange={(value) => show({ tab: value === 'editor' ? undefined : (value as 'runs') })} keepMounted={false}>
        <div className={classes['tabs']}>
          <Tabs.List>
            <Tabs.Tab value="editor">Graph and document</Tabs.Tab>
            <Tabs.Tab value="runs">Runs</Tabs.Tab>
            <Tabs.Tab value="versions">Versions</Tabs.Tab>
          </Tabs.List>
          {tab === 'editor' && canEdit && <DraftActions draft={draft} />}
        </div>
        <Tabs.Panel value="editor">
          {renamed && (
            <Text size="sm" c="var(--tw-wait)" mb="xs">
              The document is named {renamed}: saving makes another flow of that name.
            </Text>
          )}
          <FlowWorkbench draft={draft} canEdit={canEdit} selected={search.step ?? null} onSelect={(step) => show({ step: step ?? undefined })} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <FlowRuns slug={flow.slug} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <FlowVersions
            flow={flow}
            canEdit={canEdit}
            onUse={(source) => {
              draft.change(source);
              show({ tab: undefined });
            }}
          />
        </Tabs.Panel>
      </Tabs>
      {search.run && <RunDialog flow={flow} onClose={() => show({ run: undefined })} />}
    </>
  );
}
