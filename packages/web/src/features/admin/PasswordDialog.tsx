import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changePassword } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';

/** Changes my own password; my other sessions end with it. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => api.call(changePassword, { body: { current, password } }),
    onSuccess: ({ ended }) => {
      announce(ended === 0 ? 'Your password is changed.' : `Your password is changed, ${ended} other ${ended === 1 ? 'session has' : 'sessions have'} ended.`);
      onClose();
      return queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const show = { 'aria-label': 'Show the password' };
  return (
    <Modal opened onClose={onClose} title="Change my password">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Your other sessions end. API tokens go on.
          </Text>
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={show}
            data-autofocus
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters. A few words that have nothing to do with one another are best."
            autoComplete="new-password"
            required
            minLength={12}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={show}
          />
          {change.error && <ErrorNotice error={change.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={change.isPending}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
