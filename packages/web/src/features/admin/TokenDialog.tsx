import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createToken } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { KeyLimits, limitsOf, noLimits } from '../../shared/keys/KeyLimits.tsx';
import { OnceSecret } from '../../shared/OnceSecret.tsx';

/** Makes an API token; its text is shown once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [days, setDays] = useState(90);
  const [limits, setLimits] = useState(noLimits);
  const create = useMutation({
    mutationFn: () => api.call(createToken, { body: { title: title.trim(), days, ...limitsOf(limits) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <FormDialog
      title="New API token"
      onClose={onClose}
      mutation={create}
      action="Make the token"
      done={
        create.data && (
          <Stack gap="sm">
            <Text size="sm">Copy the token now: it is stored as a hash and cannot be shown again.</Text>
            <OnceSecret value={create.data.token} label="the token" />
            <Group justify="flex-end">
              <Button onClick={onClose}>Done</Button>
            </Group>
          </Stack>
        )
      }
    >
      <TextInput
        label="What it is for"
        placeholder="Nightly script"
        required
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <KeyLimits value={limits} onChange={setLimits} holder="you" />
      <NumberInput label="Valid for (days)" min={1} max={366} allowDecimal={false} value={days} onChange={(value) => setDays(Number(value) || 1)} />
    </FormDialog>
  );
}
