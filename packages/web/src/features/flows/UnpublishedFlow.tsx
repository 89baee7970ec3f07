import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { FlowDraft } from '@tidewheel/contract/routes/flow-versions';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { PageHeader } from '../../shared/PageHeader.tsx';
import { useCan } from '../../shared/session.ts';
import { DraftActions } from './DraftActions.tsx';
import { DraftBar } from './DraftBar.tsx';
import { FlowRuns } from './FlowRuns.tsx';
import { FlowWorkbench } from './FlowWorkbench.tsx';
import { draftQuery } from './flows.queries.ts';
import { useDraft } from './use-draft.ts';
import { useLeaveGuard } from './use-leave-guard.ts';

const route = getRouteApi('/app/flows/$slug');

/** A flow of which no version is published yet: its draft is all there is. */
export function UnpublishedFlow({ slug }: { slug: string }) {
  const query = useQuery(draftQuery(slug));
  return (
    <Loaded query={query} lines={12}>
      {(draft) => <DraftView kept={draft} />}
    </Loaded>
  );
}

function DraftView({ kept }: { kept: FlowDraft }) {
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const show = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const attributes = { flow: kept.flow, folder: kept.document?.folder ?? null, kind: kept.document?.kind ?? 'pipeline' };
  const canEdit = useCan('flow.edit', attributes);
  const draft = useDraft({
    saved: kept.source,
    document: kept.document,
    keep: { slug: kept.flow, revision: kept.revision, onKept: ({ revision }) => announce(`Draft ${revision} is saved.`) },
  });
  const allowLeaving = useLeaveGuard(draft.isDirty, 'The changes to this draft are not saved. Leave them?');
  // Published, this page shows the flow; thrown away, there is nothing left to show.
  const ended = (how: 'published' | 'discarded') => {
    if (how === 'published') return;
    allowLeaving();
    void navigate({ to: '/flows' });
  };
  return (
    <>
      <PageHeader title={kept.document?.title ?? kept.flow} above={<Link to="/flows">Flows</Link>} facts={<span>not published yet: it starts no runs</span>} />
      <DraftBar draft={kept} attributes={attributes} isDirty={draft.isDirty} isOpen onOpen={() => undefined} onCompare={null} onEnded={ended} />
      {canEdit && (
        <div style={{ display: 'flex', marginBottom: 8 }}>
          <DraftActions draft={draft} offers={{ draft: true, version: false }} />
        </div>
      )}
      <FlowWorkbench
        draft={draft}
        canEdit={canEdit}
        selected={search.step ?? null}
        onSelect={(step) => show({ step: step ?? undefined })}
        view={search.view}
        onView={(view) => show({ view })}
      />
      <h2>Tests</h2>
      <FlowRuns slug={kept.flow} />
    </>
  );
}
