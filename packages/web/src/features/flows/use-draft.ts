import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultsOf } from '@tidewheel/client/problem-error';
import { applyFlow } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { flowQuery, validationQuery } from './flows.queries.ts';

export interface SavedFlow {
  slug: string;
  outcome: 'created' | 'updated' | 'unchanged';
  version: number;
}

/** A flow's text while it is written: checked on the server a moment after each change, saved on demand. */
export function useDraft({ saved, document, onSaved }: { saved: string; document: FlowDocument | null; onSaved: (flow: SavedFlow) => void }) {
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
      onSaved({ slug: flow.slug, outcome, version: flow.version });
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
    change: (next: string) => {
      save.reset();
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
export type Draft = ReturnType<typeof useDraft>;
