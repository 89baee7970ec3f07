import { Button, FileButton, Group, Select, Text } from '@mantine/core';
import { IconFileImport, IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { stepTypesQuery } from '../../../shared/flow-queries.ts';
import { announce } from '../../../shared/notify.ts';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { DraftActions } from '../DraftActions.tsx';
import { type FlowView, FlowWorkbench } from '../FlowWorkbench.tsx';
import { emptyFlow, flowExamples, jobExamples } from '../flow-examples.ts';
import { type SavedFlow, useDraft } from '../use-draft.ts';
import { useLeaveGuard } from '../use-leave-guard.ts';

const route = getRouteApi('/app/flows/new');

export function NewFlowPage() {
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const show = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const types = useQuery(stepTypesQuery);
  const examples = flowExamples(types.data ?? []);
  const draft = useDraft({
    saved: '',
    document: null,
    onSaved: (saved) => finished(saved),
    keep: { slug: null, revision: 0, onKept: ({ flow }) => kept(flow) },
  });
  const allowLeaving = useLeaveGuard(draft.isDirty, 'This flow is not saved. Leave it?');
  const finished = (saved: SavedFlow) => {
    announce(
      saved.outcome === 'created' ? `The flow ${saved.slug} is made.` : `A flow named ${saved.slug} was there already: version ${saved.version} is saved.`,
    );
    allowLeaving();
    void navigate({ to: '/flows/$slug', params: { slug: saved.slug } });
  };
  const kept = (slug: string) => {
    announce(`The draft of ${slug} is saved.`);
    allowLeaving();
    void navigate({ to: '/flows/$slug', params: { slug } });
  };
  const importFile = (file: File | null) => void file?.text().then(draft.change);
  return (
    <>
      <PageHeader title="New flow" above={<Link to="/flows">Flows</Link>} />
      <Group gap="xs" mb="xs">
        <Select
          size="xs"
          w={260}
          aria-label="Start from an example"
          placeholder="Start from an example"
          data={examples.map((example) => example.title)}
          value={null}
          onChange={(title) => draft.change(examples.find((example) => example.title === title)?.source ?? emptyFlow)}
        />
        <FileButton accept=".yaml,.yml,.json,text/yaml" onChange={importFile}>
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconFileImport size={15} aria-hidden />}>
              Import a file
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed">
          or paste the document below
        </Text>
        <DraftActions draft={draft} saveTitle="Make the flow" offers={{ draft: true, version: true }} />
      </Group>
      {draft.source === '' && <Beginnings view={search.view} onList={() => show({ view: 'steps' })} onTake={draft.change} />}
      <FlowWorkbench
        draft={draft}
        canEdit
        selected={search.step ?? null}
        onSelect={(step) => show({ step: step ?? undefined })}
        view={search.view}
        onView={(view) => show({ view })}
      />
    </>
  );
}

/** What a job can begin with, one click each. */
function Beginnings({ view, onList, onTake }: { view: FlowView; onList: () => void; onTake: (source: string) => void }) {
  return (
    <Group gap="xs" mb="xs">
      {view !== 'steps' && (
        <Button size="xs" leftSection={<IconListCheck size={15} aria-hidden />} onClick={onList}>
          Job as a list of steps
        </Button>
      )}
      {jobExamples.map(({ title, source }) => (
        <Button key={title} size="xs" variant="light" onClick={() => onTake(source)}>
          {title}
        </Button>
      ))}
    </Group>
  );
}
