import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { askEmailChange } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';

/** Asks for a link to a new address of mine. */
export function EmailDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const ask = useMutation({ mutationFn: () => api.call(askEmailChange, { body: { email, password } }) });
  return (
    <FormDialog
      title="Change my e-mail address"
      onClose={onClose}
      mutation={ask}
      action="Mail me a link"
      done={
        ask.data && (
          <Stack gap="sm">
            <Text role="status">A link is on its way to {email}. Your address changes when you use it, within half an hour.</Text>
            <Button onClick={onClose}>Done</Button>
          </Stack>
        )
      }
    >
      <Text size="sm" c="dimmed">
        You sign in with the new address once it is confirmed. The present one is told.
      </Text>
      <TextInput
        label="New address"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
    </FormDialog>
  );
}
