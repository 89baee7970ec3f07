import { Button } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconKey, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { archiveTrigger, pauseTrigger, restoreTrigger, resumeTrigger } from '@tidewheel/client/routes';
import type { Trigger } from '@tidewheel/contract/trigger';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';
import { SecretDialog } from './SecretDialog.tsx';

type Params = { params: { slug: string } };
const verbs = {
  pause: (input: Params) => api.call(pauseTrigger, input),
  resume: (input: Params) => api.call(resumeTrigger, input),
  restore: (input: Params) => api.call(restoreTrigger, input),
};

export function TriggerActions({ trigger }: { trigger: Trigger }) {
  const queries = useQueryClient();
  const [isGiving, setGiving] = useState(false);
  const change = useMutation({
    mutationFn: (verb: keyof typeof verbs) => verbs[verb]({ params: { slug: trigger.slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['triggers'] }),
    onError: (error) => announce(error.message),
  });
  const archive = useMutation({
    mutationFn: () => api.call(archiveTrigger, { params: { slug: trigger.slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['triggers'] }),
  });
  if (trigger.archivedAt)
    return (
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate('restore')} leftSection={<IconArchiveOff size={16} aria-hidden />}>
        Restore
      </Button>
    );
  return (
    <>
      {trigger.kind === 'webhook' && (
        <Button variant={trigger.secret ? 'default' : 'filled'} onClick={() => setGiving(true)} leftSection={<IconKey size={16} aria-hidden />}>
          {trigger.secret ? 'Change the secret' : 'Give it a secret'}
        </Button>
      )}
      {trigger.paused ? (
        <Button loading={change.isPending} onClick={() => change.mutate('resume')} leftSection={<IconPlayerPlay size={16} aria-hidden />}>
          Go on
        </Button>
      ) : (
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate('pause')} leftSection={<IconPlayerPause size={16} aria-hidden />}>
          Pause
        </Button>
      )}
      <ConfirmButton
        mutation={archive}
        leftSection={<IconArchive size={16} aria-hidden />}
        ask={{
          title: 'Archive this trigger?',
          text: 'It starts nothing any more, and a webhook forgets its secret. Its history stays.',
          confirm: 'Archive',
          isDanger: true,
        }}
      >
        Archive
      </ConfirmButton>
      {isGiving && <SecretDialog trigger={trigger} onClose={() => setGiving(false)} />}
    </>
  );
}
