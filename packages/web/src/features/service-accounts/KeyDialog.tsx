import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createServiceKey } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { KeyLimits, limitsOf, noLimits } from '../../shared/keys/KeyLimits.tsx';
import { KeySecret } from './KeySecret.tsx';

/** Makes a key of a service account; its text is shown once. */
export function KeyDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [days, setDays] = useState(90);
  const [limits, setLimits] = useState(noLimits);
  const create = useMutation({
    mutationFn: () => api.call(createServiceKey, { params: { slug }, body: { title: title.trim(), days, ...limitsOf(limits) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  if (create.data) return <KeySecret secret={create.data.token} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="New key" size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Where it is used"
            placeholder="Scheduler"
            required
            maxLength={100}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          <KeyLimits value={limits} onChange={setLimits} holder="the account" />
          <NumberInput label="Valid for (days)" min={1} max={366} allowDecimal={false} value={days} onChange={(value) => setDays(Number(value) || 1)} />
          {create.error && <ErrorNotice error={create.error} />}
          <Group justify="space-between" gap="xs">
            <Text size="xs" c="dimmed">
              The key is shown once.
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make the key
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
