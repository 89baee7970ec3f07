import { Button, Group, Select, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { discardColorSession, processColorSession, updateColorSession } from '@tidewheel/client/routes';
import type { ColorSessionDetail, SessionPresence } from '@tidewheel/contract/color-session';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { sessionsKey } from './sessions.queries.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

const shares = [
  { value: 'no', label: 'Only me' },
  { value: 'read', label: 'Others read' },
  { value: 'edit', label: 'Others edit' },
];

export function SessionFacts({ session, others, verbs }: { session: ColorSessionDetail; others: readonly SessionPresence[]; verbs: SessionVerbs }) {
  const { kept, excluded, removed, doubtful, state, owner, run, processing, revision, mayEdit } = session;
  const saved = verbs.isSaving ? 'saving …' : verbs.error ? 'not saved' : revision === 0 ? 'nothing changed yet' : 'all changes saved';
  return (
    <Text size="sm" component="div">
      {state === 'processed' || state === 'discarded'
        ? `${state === 'processed' ? `Processed as processing ${processing}` : 'Discarded'}; of ${owner}`
        : `${kept} in the sheet, ${excluded} excluded, ${removed} removed, ${doubtful} with doubts; of ${owner}`}
      {state === 'processing' && run && `; run ${run.number} of ${run.flow} has it`}
      {mayEdit && <span role="status">; {saved}</span>}
      {others.length > 0 && `; also here: ${others.map(({ label }) => label).join(', ')}`}
    </Text>
  );
}

export function SessionActions({ session, verbs }: { session: ColorSessionDetail; verbs: SessionVerbs }) {
  const { id, revision, shared, mayEdit, undo, redo, run } = session;
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }) };
  const share = useMutation({ mutationFn: (to: 'no' | 'read' | 'edit') => api.call(updateColorSession, { params: { id }, body: { shared: to } }), ...settled });
  const process = useMutation({ mutationFn: () => api.call(processColorSession, { params: { id }, body: { seen: revision } }), ...settled });
  const discard = useMutation({ mutationFn: () => api.call(discardColorSession, { params: { id } }), ...settled });
  const seen = run && (
    <LinkButton to="/runs/$id" params={{ id: run.id }} variant="default" size="xs">
      Run {run.number}
    </LinkButton>
  );
  if (!mayEdit) return seen;
  return (
    <>
      <Group gap={4}>
        <Button size="xs" variant="default" disabled={undo === null} leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={verbs.undo}>
          Undo
        </Button>
        <Button size="xs" variant="default" disabled={redo === null} leftSection={<IconArrowForwardUp size={14} aria-hidden />} onClick={verbs.redo}>
          Redo
        </Button>
      </Group>
      <Button size="xs" variant="default" onClick={() => verbs.rank(true)}>
        Apply rules again
      </Button>
      <Select size="xs" w={130} aria-label="Sharing" data={shares} value={shared} allowDeselect={false} onChange={(to) => to && share.mutate(to as 'no')} />
      <ConfirmButton
        size="xs"
        ask={{ title: 'Discard this session?', text: 'Its rows go back to the buffer as they came; every change is lost.', confirm: 'Discard', isDanger: true }}
        mutation={discard}
      >
        Discard
      </ConfirmButton>
      {seen}
      <ConfirmButton
        size="xs"
        variant="filled"
        ask={{
          title: 'Process these rows?',
          text: `${session.kept} rows are kept in this order, ${session.excluded} as excluded. The session ends with it.`,
          confirm: 'Process',
        }}
        mutation={process}
      >
        Process
      </ConfirmButton>
      {share.error && <ErrorNotice error={share.error} />}
    </>
  );
}
