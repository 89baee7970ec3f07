import { PasswordInput, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changePassword } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
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
  const show = { 'aria-label': 'Show the password' };
  return (
    <FormDialog title="Change my password" onClose={onClose} mutation={change} action="Change it">
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
    </FormDialog>
  );
}
