import { Alert, Progress, Select, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { previewBulk, runBulk } from '@tidewheel/client/routes';
import type { BulkAction, BulkFilter, BulkOutcome } from '@tidewheel/contract/routes/bulk';
import { useState } from 'react';
import { api } from '../api.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { FormDialog } from '../FormDialog.tsx';
import { formatCount } from '../format.ts';
import { StatusBadge } from '../StatusBadge.tsx';

/** What is chosen to be done, in the words of the dialog. */
export type BulkChoice = BulkAction | 'rerunFailed';

const words: Record<BulkChoice, { label: string; verb: string }> = {
  cancel: { label: 'Cancel', verb: 'cancelled' },
  pause: { label: 'Pause', verb: 'paused' },
  resume: { label: 'Resume', verb: 'resumed' },
  rerunFailed: { label: 'Run again what failed', verb: 'run again from what failed' },
  rerun: { label: 'Run again whole', verb: 'run again from the start' },
  replay: { label: 'Replay', verb: 'run again from what failed' },
  discard: { label: 'Discard', verb: 'discarded' },
};

export interface Selected {
  ids?: string[];
  filter?: BulkFilter;
}

/** Something done with many runs: which ones is shown first, and exactly these are touched. */
export function BulkDialog({ selected, choices, onClose }: { selected: Selected; choices: BulkChoice[]; onClose: () => void }) {
  const queries = useQueryClient();
  const [choice, setChoice] = useState<BulkChoice>(choices[0] ?? 'cancel');
  const [comment, setComment] = useState('');
  const [done, setDone] = useState<BulkOutcome['results'] | null>(null);
  const [progress, setProgress] = useState(0);
  const isDiscard = choice === 'discard';
  const body = {
    action: choice === 'rerunFailed' ? ('rerun' as const) : choice,
    ...selected,
    ...(choice === 'rerunFailed' ? { from: 'failed' as const } : {}),
  };
  // What is discarded needs its comment before it is bound: what is shown here only says how many.
  const preview = useQuery({
    queryKey: ['runs', 'bulk', body],
    queryFn: () => api.call(previewBulk, { body: isDiscard ? { ...body, comment: '-' } : body }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const carryOut = useMutation({
    mutationFn: async () => {
      const bound = isDiscard ? await api.call(previewBulk, { body: { ...body, ids: undefined, filter: undefined, ...selected, comment } }) : preview.data;
      const results: BulkOutcome['results'] = [];
      for (let left = bound?.total ?? 0; bound && left > 0; ) {
        const outcome = await api.call(runBulk, { params: { id: bound.id } });
        results.push(...outcome.results);
        left = outcome.left;
        setProgress((100 * results.length) / Math.max(1, bound.total));
      }
      return results;
    },
    onSuccess: async (results) => {
      setDone(results);
      await Promise.all([queries.invalidateQueries({ queryKey: ['runs'] }), queries.invalidateQueries({ queryKey: ['dead-letters'] })]);
    },
  });
  const { label, verb } = words[choice];
  const total = preview.data?.total ?? 0;
  return (
    <FormDialog
      title="Many runs at once"
      action={total > 0 ? `${label}: ${formatCount(total)}` : label}
      mutation={carryOut}
      disabled={total === 0 || (isDiscard && comment.trim() === '')}
      isDanger={choice === 'cancel' || isDiscard}
      onClose={onClose}
      done={done && <Outcome results={done} verb={verb} />}
    >
      <Select
        label="What to do"
        data={choices.map((value) => ({ value, label: words[value].label }))}
        value={choice}
        onChange={(value) => setChoice(value as BulkChoice)}
        allowDeselect={false}
      />
      {isDiscard && (
        <Textarea
          label="Why nothing will be done about them"
          required
          autosize
          minRows={2}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      )}
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.data && (
        <div>
          <Text size="sm" fw={600}>
            {total === 0 ? 'There is none to which this applies.' : `${formatCount(total)} ${total === 1 ? 'run is' : 'runs are'} ${verb}:`}
          </Text>
          <Stack gap={2} mt={4}>
            {preview.data.sample.map((run) => (
              <Text key={run.id} size="sm">
                {run.flowTitle} #{run.number} <StatusBadge state={run.state} bare />
              </Text>
            ))}
            {total > preview.data.sample.length && (
              <Text size="sm" c="dimmed">
                and {formatCount(total - preview.data.sample.length)} more
              </Text>
            )}
            {preview.data.passedOver > 0 && (
              <Text size="xs" c="dimmed">
                {formatCount(preview.data.passedOver)} that you selected are passed over: it does not apply to them.
              </Text>
            )}
          </Stack>
        </div>
      )}
      {carryOut.isPending && <Progress value={progress} aria-label="How far it is" animated />}
    </FormDialog>
  );
}

function Outcome({ results, verb }: { results: BulkOutcome['results']; verb: string }) {
  const refused = results.filter(({ done }) => !done);
  return (
    <Stack gap="sm">
      <Text>
        {formatCount(results.length - refused.length)} of {formatCount(results.length)} {results.length === 1 ? 'was' : 'were'} {verb}.
      </Text>
      {refused.length > 0 && (
        <Alert color="orange" title={`${formatCount(refused.length)} refused`}>
          {refused.slice(0, 20).map(({ run, message }) => (
            <Text key={run} size="sm">
              {message}
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  );
}
