import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultsOf } from '@tidewheel/client/problem-error';
import { applyFlow, saveDraft } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import type { FlowDraft } from '@tidewheel/contract/routes/flow-versions';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { draftQuery, flowQuery, validationQuery } from './flows.queries.ts';

export interface SavedFlow {
  slug: string;
  outcome: 'created' | 'updated' | 'unchanged';
  version: number;
}

interface DraftOptions {
  saved: string;
  document: FlowDocument | null;
  onSaved?: (flow: SavedFlow) => void;
  /** `revision`: of the kept draft that this text is written over; 0: there is none. */
  keep?: { slug: string | null; revision: number; onKept: (draft: FlowDraft) => void };
}

/** A flow's text while it is written: checked on the server a moment after each change, saved on demand, as a version or as the flow's draft. */
export function useDraft({ saved, document, onSaved, keep }: DraftOptions) {
  const queries = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const source = text ?? saved;
  const isDirty = text !== null && text !== saved;
  const [settled] = useDebouncedValue(source, 500);
  const validation = useQuery({ ...validationQuery(settled), enabled: isDirty && settled.trim() !== '' });
  const save = useMutation({
    mutationFn: () => api.call(applyFlow, { body: { source } }),
    onSuccess: async ({ flow, outcome }) => {
      queries.setQueryData(flowQuery(flow.slug).queryKey, flow);
      setText(null);
      onSaved?.({ slug: flow.slug, outcome, version: flow.version });
      await queries.invalidateQueries({ queryKey: ['flows'] });
    },
  });
  const keeping = useMutation({
    mutationFn: () => api.call(saveDraft, { params: { slug: keep?.slug ?? nameIn(source) }, body: { source, revision: keep?.revision ?? 0 } }),
    onSuccess: async (draft) => {
      queries.setQueryData(draftQuery(draft.flow).queryKey, draft);
      setText(null);
      keep?.onKept(draft);
      await queries.invalidateQueries({ queryKey: ['flows'] });
    },
  });
  const answer = isDirty ? validation.data : undefined;
  const faults: Fault[] = answer?.faults ?? (save.error instanceof AppError ? faultsOf(save.error) : []);
  return {
    source,
    isDirty,
    faults,
    save,
    keeping,
    change: (next: string) => {
      save.reset();
      keeping.reset();
      setText(next);
    },
    discard: () => setText(null),
    isChecking: isDirty && (settled !== source || validation.isFetching),
    /** The newest text that could be read as a document. */
    document: (isDirty ? answer?.document : null) ?? document,
    isValid: isDirty ? answer?.valid === true : true,
    check: () => void validation.refetch(),
    checkError: validation.error,
  };
}

/** What the text says that it is called: it need not be a document yet. */
function nameIn(source: string): string {
  return /^flow:[ \t]*["']?([a-z0-9-]+)/m.exec(source)?.[1] ?? 'unnamed';
}
export type Draft = ReturnType<typeof useDraft>;
