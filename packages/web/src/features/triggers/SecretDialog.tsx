import { Button, Group, NumberInput, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { setTriggerSecret } from '@tidewheel/client/routes';
import type { Trigger } from '@tidewheel/contract/trigger';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { OnceSecret } from '../../shared/OnceSecret.tsx';

/** Gives a webhook a secret; it is shown this once. */
export function SecretDialog({ trigger, onClose }: { trigger: Trigger; onClose: () => void }) {
  const queries = useQueryClient();
  const [own, setOwn] = useState('');
  const [hours, setHours] = useState(24);
  const save = useMutation({
    mutationFn: () => api.call(setTriggerSecret, { params: { slug: trigger.slug }, body: { overlapHours: hours, ...(own === '' ? {} : { secret: own }) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['triggers'] }),
  });
  const done = save.data && (
    <Stack gap="sm">
      <Text size="sm">Give this to whoever calls. It is not shown again.</Text>
      <OnceSecret value={save.data.secret} label="the secret" />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
  return (
    <FormDialog title={trigger.secret ? 'Change the secret' : 'Give it a secret'} onClose={onClose} mutation={save} action="Set the secret" done={done}>
      <PasswordInput
        label="Secret"
        description="Only when the sender made one up; left empty, a new one is made"
        value={own}
        onChange={(event) => setOwn(event.currentTarget.value)}
        autoComplete="off"
      />
      {trigger.secret && (
        <NumberInput
          label="The one before counts for (hours)"
          min={0}
          max={720}
          value={hours}
          onChange={(value) => setHours(Number(value) || 0)}
          description="So that the sender can be changed meanwhile"
        />
      )}
    </FormDialog>
  );
}
