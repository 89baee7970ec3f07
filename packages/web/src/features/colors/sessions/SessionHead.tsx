import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { discardColorSession } from '@tidewheel/client/routes';
import type { ColorSessionDetail, SessionPresence } from '@tidewheel/contract/color-session';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { ApplyRulesDialog } from './ApplyRulesDialog.tsx';
import { ProcessDialog } from './ProcessDialog.tsx';
import { SessionSettings, shares } from './SessionSettings.tsx';
import { sessionsKey } from './sessions.queries.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

interface FactsProps {
  session: ColorSessionDetail;
  others: readonly SessionPresence[];
  verbs: SessionVerbs;
}

export function SessionFacts({ session, others, verbs }: FactsProps) {
  const { kept, excluded, removed, doubtful, state, owner, mine, shared, processing, mayEdit } = session;
  const count = (many: number) => many.toLocaleString('en');
  return (
    <Text size="sm" component="div">
      {state === 'processed' && processing !== null && (
        <>
          Processed as{' '}
          <Anchor component={Link} to={`/colors/processings/${processing}`} size="sm">
            processing {processing}
          </Anchor>
        </>
      )}
      {state === 'discarded' && 'Discarded: its rows went back to the buffer'}
      {(state === 'open' || state === 'processing') &&
        `${count(kept)} in the sheet, ${count(excluded)} excluded, ${count(removed)} removed, ${count(doubtful)} with doubts`}
      {` · ${mine ? 'yours' : `of ${owner}`}, ${(shares.find(({ value }) => value === shared)?.label ?? '').toLowerCase()}`}
      {mayEdit && <span role="status"> · {savedText(session, verbs)}</span>}
      {others.length > 0 && <span> · also here: {others.map(({ label }) => label).join(', ')}</span>}
      <RunFact session={session} />
    </Text>
  );
}

function savedText({ revision }: ColorSessionDetail, { isSaving, refused }: SessionVerbs): string {
  if (isSaving) return 'saving …';
  if (refused) return 'the last change was not saved';
  return revision === 0 ? 'nothing changed yet' : 'all changes are saved';
}

/** How the run that processes it stands, or how the last one ended. */
function RunFact({ session: { state, run } }: { session: ColorSessionDetail }) {
  if (run === null || state === 'processed' || state === 'discarded') return null;
  return (
    <div role="status">
      {state === 'processing'
        ? `Run ${run.number} of ${run.flow} processes it: nobody changes it meanwhile.`
        : `Run ${run.number} of ${run.flow} ended as ${run.state}; nothing was kept.`}
    </div>
  );
}

export function SessionActions({ session, verbs, onHistory }: { session: ColorSessionDetail; verbs: SessionVerbs; onHistory: () => void }) {
  const { mayEdit, undo, redo, run } = session;
  const [open, setOpen] = useState<'rules' | 'settings' | 'process' | null>(null);
  const close = () => setOpen(null);
  const history = (
    <Button size="xs" variant="default" onClick={onHistory}>
      History
    </Button>
  );
  const seen = run && (
    <LinkButton to="/runs/$id" params={{ id: run.id }} variant="default" size="xs">
      Run {run.number}
    </LinkButton>
  );
  if (!mayEdit)
    return (
      <>
        {history}
        {seen}
      </>
    );
  return (
    <>
      <Group gap={4}>
        <Button
          size="xs"
          variant="default"
          disabled={undo === null || verbs.isBusy}
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          onClick={verbs.undo}
        >
          Undo
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={redo === null || verbs.isBusy}
          leftSection={<IconArrowForwardUp size={14} aria-hidden />}
          onClick={verbs.redo}
        >
          Redo
        </Button>
      </Group>
      {history}
      <Button size="xs" variant="default" disabled={verbs.isBusy} onClick={() => setOpen('rules')}>
        Apply rules
      </Button>
      <Button size="xs" variant="default" onClick={() => setOpen('settings')}>
        Name and sharing
      </Button>
      <DiscardButton session={session} />
      {seen}
      <Button size="xs" disabled={verbs.isSaving} onClick={() => setOpen('process')}>
        Process
      </Button>
      {open === 'rules' && <ApplyRulesDialog onApply={verbs.rank} onClose={close} />}
      {open === 'settings' && <SessionSettings session={session} onClose={close} />}
      {open === 'process' && <ProcessDialog session={session} onClose={close} />}
    </>
  );
}

function DiscardButton({ session: { id } }: { session: ColorSessionDetail }) {
  const queries = useQueryClient();
  const discard = useMutation({
    mutationFn: () => api.call(discardColorSession, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
  return (
    <ConfirmButton
      size="xs"
      ask={{ title: 'Discard this session?', text: 'Its rows go back to the buffer as they came; every change is lost.', confirm: 'Discard', isDanger: true }}
      mutation={discard}
    >
      Discard
    </ConfirmButton>
  );
}
