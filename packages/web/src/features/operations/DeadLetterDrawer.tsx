import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { discardDeadLetter, replayDeadLetter } from '@tidewheel/client/routes';
import type { DeadLetter } from '@tidewheel/contract/routes/dead-letters';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { announce } from '../../shared/notify.ts';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { deadLetterQuery } from './operations.queries.ts';

/** What failed, how often, what was done about it, and what can be. */
export function DeadLetterDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(deadLetterQuery(id));
  return (
    <SideDrawer title={query.data ? `${query.data.flowTitle} #${query.data.number}` : 'Dead letter'} onClose={onClose}>
      <Loaded query={query}>{(letter) => <Letter letter={letter} onClose={onClose} />}</Loaded>
    </SideDrawer>
  );
}

function Letter({ letter, onClose }: { letter: DeadLetter; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const canRun = useCan('flow.run');
  const canDiscard = useCan('run.cancel');
  const [comment, setComment] = useState('');
  const params = { id: letter.id };
  const settle = async (text: string) => {
    announce(text);
    await queries.invalidateQueries({ queryKey: ['dead-letters'] });
    onClose();
  };
  const replay = useMutation({
    mutationFn: () => api.call(replayDeadLetter, { params }),
    onSuccess: async (run) => {
      await settle(`Run #${run.number} has been started.`);
      await navigate({ to: '/runs/$id', params: { id: run.id } });
    },
  });
  const discard = useMutation({
    mutationFn: () => api.call(discardDeadLetter, { params, body: { comment } }),
    onSuccess: () => settle('It is discarded.'),
  });
  const isOpen = letter.state === 'open' || letter.state === 'replaying';
  return (
    <Stack gap="md">
      <PairList
        pairs={[
          [
            'Run',
            <Link key="run" to="/runs/$id" params={{ id: letter.run }}>
              #{letter.number}
            </Link>,
          ],
          ['Failed', <Time key="at" at={letter.at} />],
          ['Step', letter.step ? `${letter.step}, attempt ${letter.attempts}` : '–'],
          ['Error', letter.code],
          ['Message', letter.message ?? '–'],
          [
            'Replays',
            letter.replay ? (
              <Link key="replay" to="/runs/$id" params={{ id: letter.replay.run }}>
                {letter.replays}, the newest is #{letter.replay.number}, {letter.replay.state}
              </Link>
            ) : (
              'none'
            ),
          ],
          ...(letter.ended ? ([['Settled', `by ${letter.ended.by}${letter.ended.comment ? `: ${letter.ended.comment}` : ''}`]] as [string, string][]) : []),
        ]}
      />
      {replay.error && <ErrorNotice error={replay.error} />}
      {isOpen && canRun && (
        <Group>
          <Button loading={replay.isPending} onClick={() => replay.mutate()}>
            Replay from what failed
          </Button>
        </Group>
      )}
      {isOpen && canDiscard && (
        <SubmitForm mutation={discard} action="Discard" disabled={comment.trim() === ''} isDanger side="left">
          <Textarea
            label="Or discard it: why nothing will be done"
            autosize
            minRows={2}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
        </SubmitForm>
      )}
    </Stack>
  );
}
