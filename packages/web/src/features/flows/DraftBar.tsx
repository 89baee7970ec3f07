import { Button, Group, Text } from '@mantine/core';
import { IconGitCompare, IconPencil, IconPlayerPlay, IconSend, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { discardDraft, publishDraft, testDraft } from '@tidewheel/client/routes';
import type { FlowDraft } from '@tidewheel/contract/routes/flow-versions';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import classes from './DraftBar.module.css';
import { countFaults, draftQuery, flowQuery } from './flows.queries.ts';
import { RunDialog } from './RunDialog.tsx';

interface DraftBarProps {
  draft: FlowDraft;
  /** The flow, as permissions can be given by it. */
  attributes: { flow: string; folder: string | null; kind: string };
  /** Its text is in the editor, changed since it was kept. */
  isDirty: boolean;
  isOpen: boolean;
  onOpen: () => void;
  /** Null when there is no version to compare with. */
  onCompare: (() => void) | null;
  onEnded: (how: 'published' | 'discarded') => void;
}

/** What is kept beside the published version: whose it is, and what can be done with it. */
export function DraftBar({ draft, attributes, isDirty, isOpen, onOpen, onCompare, onEnded }: DraftBarProps) {
  const canEdit = useCan('flow.edit', attributes);
  const canRun = useCan('flow.run', attributes);
  const [isTesting, setTesting] = useState(false);
  const { publish, discard } = useDraftVerbs(draft, onEnded);
  const isReady = draft.valid && !isDirty;
  const why = isDirty ? 'Save the changes to the draft first' : draft.valid ? undefined : 'It has faults';
  return (
    <section className={classes['bar']} aria-label="Draft">
      <Text size="sm" component="div">
        <b>Draft {draft.revision}</b> by {draft.savedBy}, <Time at={draft.savedAt} relative />
        {draft.base > 0 && <> upon version {draft.base}</>} · {stateOf(draft)}
      </Text>
      <Group gap="xs">
        {!isOpen && (
          <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={onOpen}>
            {canEdit ? 'Edit' : 'Show'}
          </Button>
        )}
        {onCompare && (
          <Button size="compact-sm" variant="default" leftSection={<IconGitCompare size={14} aria-hidden />} onClick={onCompare}>
            Compare
          </Button>
        )}
        {canEdit && (
          <>
            <ConfirmButton
              size="compact-sm"
              leftSection={<IconTrash size={14} aria-hidden />}
              ask={{
                title: 'Throw this draft away?',
                text: draft.base === 0 ? 'The flow has no version: it is archived with it.' : 'The versions stay as they are.',
                confirm: 'Discard the draft',
              }}
              mutation={discard}
            >
              Discard
            </ConfirmButton>
            {canRun && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPlayerPlay size={14} aria-hidden />}
                disabled={!isReady}
                title={why}
                onClick={() => setTesting(true)}
              >
                Test
              </Button>
            )}
            <ConfirmButton
              size="compact-sm"
              variant="filled"
              leftSection={<IconSend size={14} aria-hidden />}
              disabled={!isReady}
              ask={{ title: 'Publish this draft?', text: `It becomes version ${draft.base + 1}, and runs that start from now on use it.`, confirm: 'Publish' }}
              mutation={publish}
            >
              Publish
            </ConfirmButton>
          </>
        )}
      </Group>
      {isTesting && draft.parametersSchema && (
        <RunDialog
          title={`Test draft ${draft.revision} of ${draft.flow}`}
          parametersSchema={draft.parametersSchema}
          note="The run is marked as a test. Its steps read and write for real."
          start={(parameters, idempotencyKey) =>
            api.call(testDraft, { params: { slug: draft.flow }, body: { revision: draft.revision, parameters, idempotencyKey } })
          }
          onClose={() => setTesting(false)}
        />
      )}
    </section>
  );
}

function stateOf({ faults }: FlowDraft): string {
  const { errors, warnings } = countFaults(faults);
  if (errors > 0) return errors === 1 ? 'a fault' : `${errors} faults`;
  return warnings > 0 ? 'no faults, with warnings' : 'no faults';
}

function useDraftVerbs({ flow: slug, revision }: FlowDraft, onEnded: DraftBarProps['onEnded']) {
  const queries = useQueryClient();
  const ended = async (how: 'published' | 'discarded') => {
    onEnded(how);
    queries.removeQueries({ queryKey: draftQuery(slug).queryKey });
    await queries.invalidateQueries({ queryKey: ['flows'] });
  };
  const publish = useMutation({
    mutationFn: () => api.call(publishDraft, { params: { slug }, body: { revision } }),
    onSuccess: async ({ flow, outcome }) => {
      queries.setQueryData(flowQuery(slug).queryKey, flow);
      announce(outcome === 'unchanged' ? 'The draft was the newest version already.' : `Version ${flow.version} is published.`);
      await ended('published');
    },
  });
  const discard = useMutation({
    mutationFn: () => api.call(discardDraft, { params: { slug }, query: { revision } }),
    onSuccess: async () => {
      announce('The draft is gone.');
      await ended('discarded');
    },
  });
  return { publish, discard };
}
