import { Text, TextInput } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { pauseEngine, resumeEngine } from '@tidewheel/client/routes';
import type { EngineStatus } from '@tidewheel/contract/routes/engine';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { engineQuery } from './engine.queries.ts';

/** Stops and starts the taking of work in the whole installation. */
export function EngineSwitch({ paused }: Pick<EngineStatus, 'paused'>) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const onSuccess = () => queries.invalidateQueries({ queryKey: engineQuery.queryKey });
  const pause = useMutation({ mutationFn: () => api.call(pauseEngine, { body: reason.trim() ? { reason: reason.trim() } : {} }), onSuccess });
  const resume = useMutation({ mutationFn: () => api.call(resumeEngine), onSuccess });
  // Keys of their own: a dialog that still closes must not ask for the opposite.
  if (paused)
    return (
      <ConfirmButton
        key="resume"
        ask={{ title: 'Take work again?', text: 'What has waited goes on at once, in the order of its queues.', confirm: 'Take work again' }}
        mutation={resume}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
      >
        Take work again
      </ConfirmButton>
    );
  const text = (
    <>
      <Text mb="sm">
        In the whole installation, all workspaces: what runs ends its present step, and nothing further begins until you let it. Runs can still be started; they
        wait.
      </Text>
      <TextInput
        label="Why"
        description="Everybody whose run waits reads it"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </>
  );
  return (
    <ConfirmButton
      key="pause"
      ask={{ title: 'Stop taking work?', text, confirm: 'Stop taking work', isDanger: true }}
      mutation={pause}
      leftSection={<IconPlayerPause size={16} aria-hidden />}
    >
      Stop taking work
    </ConfirmButton>
  );
}
