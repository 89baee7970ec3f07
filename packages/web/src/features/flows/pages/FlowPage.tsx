import { Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { startRun } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { useCan } from '../../../shared/session.ts';
import { CompareDialog, type Sides } from '../CompareDialog.tsx';
import { DraftActions } from '../DraftActions.tsx';
import { DraftBar } from '../DraftBar.tsx';
import { FlowHeader } from '../FlowHeader.tsx';
import { FlowRuns } from '../FlowRuns.tsx';
import { FlowSchedules } from '../FlowSchedules.tsx';
import { FlowTriggers } from '../FlowTriggers.tsx';
import { FlowVersions } from '../FlowVersions.tsx';
import { FlowWorkbench } from '../FlowWorkbench.tsx';
import { draftQuery, flowQuery } from '../flows.queries.ts';
import { RunDialog } from '../RunDialog.tsx';
import { UnpublishedFlow } from '../UnpublishedFlow.tsx';
import { type SavedFlow, useDraft } from '../use-draft.ts';
import { useLeaveGuard } from '../use-leave-guard.ts';
import classes from './FlowPage.module.css';

const route = getRouteApi('/app/flows/$slug');

export function FlowPage() {
  const { slug } = route.useParams();
  const query = useQuery(flowQuery(slug));
  if (query.error instanceof AppError && query.error.code === 'flow.unpublished') return <UnpublishedFlow key={slug} slug={slug} />;
  return (
    <Loaded query={query} lines={12}>
      {(flow) => <FlowView key={flow.slug} flow={flow} />}
    </Loaded>
  );
}

/** The flow's text in the editor: that of the newest version, or that of the kept draft once it is opened. */
function useEdited(flow: Flow, onSaved: (saved: SavedFlow) => void) {
  const [isOpen, setOpen] = useState(false);
  const kept = useQuery({ ...draftQuery(flow.slug), enabled: flow.draft !== null }).data;
  const shown = isOpen && flow.draft && kept ? kept : flow;
  const draft = useDraft({
    saved: shown.source,
    document: shown.document,
    onSaved,
    keep: {
      slug: flow.slug,
      revision: flow.draft?.revision ?? 0,
      onKept: ({ revision }) => {
        setOpen(true);
        announce(`Draft ${revision} is saved.`);
      },
    },
  });
  return { draft, kept: flow.draft ? kept : undefined, isOpen: shown !== flow, setOpen };
}

function FlowView({ flow }: { flow: Flow }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const attributes = { flow: flow.slug, folder: flow.folder, kind: flow.kind };
  const canEdit = useCan('flow.edit', attributes) && flow.archivedAt === null;
  const canSeeTriggers = useCan('trigger.read', attributes);
  const canSeeSchedules = useCan('schedule.read', attributes);
  const [sides, setSides] = useState<Sides | null>(null);
  const { draft, kept, isOpen, setOpen } = useEdited(flow, (saved) => finished(saved));
  const allowLeaving = useLeaveGuard(draft.isDirty, 'The changes to this flow are not saved. Leave them?');
  const finished = (saved: SavedFlow) => {
    announce(saved.outcome === 'unchanged' ? 'Nothing changed: no new version was made.' : `Version ${saved.version} is saved.`);
    if (saved.slug === flow.slug) return;
    allowLeaving();
    void navigate({ to: '/flows/$slug', params: { slug: saved.slug }, search: {} });
  };
  const show = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const edit = (source: string) => {
    draft.change(source);
    show({ tab: undefined });
  };
  const openDraft = () => {
    draft.discard();
    setOpen(true);
    show({ tab: undefined });
  };
  const tab = search.tab ?? 'editor';
  const renamed = draft.document && draft.document.flow !== flow.slug ? draft.document.flow : null;
  return (
    <>
      <FlowHeader flow={flow} isDirty={draft.isDirty} onRun={() => show({ run: true })} />
      {kept && (
        <DraftBar
          draft={kept}
          attributes={attributes}
          isDirty={isOpen && draft.isDirty}
          isOpen={isOpen && tab === 'editor'}
          onOpen={openDraft}
          onCompare={() => setSides({ from: flow.version, to: 'draft' })}
          onEnded={() => setOpen(false)}
        />
      )}
      <Tabs value={tab} onChange={(value) => show({ tab: value === 'editor' ? undefined : (value as 'runs') })} keepMounted={false}>
        <div className={classes['tabs']}>
          <Tabs.List>
            <Tabs.Tab value="editor">Editor</Tabs.Tab>
            <Tabs.Tab value="runs">Runs</Tabs.Tab>
            {canSeeSchedules && <Tabs.Tab value="schedules">Schedules</Tabs.Tab>}
            {canSeeTriggers && <Tabs.Tab value="triggers">Triggers</Tabs.Tab>}
            <Tabs.Tab value="versions">Versions</Tabs.Tab>
          </Tabs.List>
          {tab === 'editor' && canEdit && <DraftActions draft={draft} offers={{ draft: isOpen || !flow.draft, version: !isOpen }} />}
        </div>
        <Tabs.Panel value="editor">
          {renamed && (
            <Text size="sm" c="var(--tw-wait)" mb="xs">
              The document is named {renamed}: saving makes another flow of that name.
            </Text>
          )}
          <FlowWorkbench
            draft={draft}
            canEdit={canEdit}
            selected={search.step ?? null}
            onSelect={(step) => show({ step: step ?? undefined })}
            view={search.view}
            onView={(view) => show({ view })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <FlowRuns slug={flow.slug} />
        </Tabs.Panel>
        <Tabs.Panel value="schedules">
          <FlowSchedules slug={flow.slug} attributes={attributes} />
        </Tabs.Panel>
        <Tabs.Panel value="triggers">
          <FlowTriggers slug={flow.slug} attributes={attributes} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <FlowVersions flow={flow} canEdit={canEdit} onUse={edit} onCompare={setSides} />
        </Tabs.Panel>
      </Tabs>
      {search.run && flow.off === null && (
        <RunDialog
          title={`Run ${flow.title}`}
          parametersSchema={flow.parametersSchema}
          note={`Version ${flow.version} runs from the start.`}
          sources={sourcesOf(flow.document)}
          start={(parameters, idempotencyKey, options) => api.call(startRun, { params: { slug: flow.slug }, body: { parameters, idempotencyKey, ...options } })}
          onClose={() => show({ run: undefined })}
        />
      )}
      {sides && <CompareDialog flow={flow} sides={sides} onClose={() => setSides(null)} />}
    </>
  );
}

/** Steps that nothing comes before: those that read. */
function sourcesOf({ steps }: Flow['document']): { id: string; use: string }[] {
  return Object.entries(steps)
    .filter(([, step]) => step.from === undefined && step.after === undefined)
    .map(([id, { use }]) => ({ id, use }));
}
