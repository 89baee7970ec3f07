import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { acceptLink } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { meQuery } from '../../shared/session.ts';

interface LinkInfo {
  purpose: 'first-administrator' | 'invitation' | 'registration';
  email: string | null;
  role: string;
}

/** Makes the account that a one-time link stands for, and signs in. */
export function AccountForm({ token, link }: { token: string; link: LinkInfo }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [email, setEmail] = useState(link.email ?? '');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const isShort = password.length > 0 && password.length < 12;
  const create = useMutation({
    mutationFn: () => api.call(acceptLink, { params: { token }, body: { email: email.trim(), name: name.trim(), password } }),
    onSuccess: async (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      await navigate({ to: '/' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text c="dimmed" size="sm">
          {link.purpose === 'first-administrator'
            ? 'You are the first one here. This makes the account of the first administrator.'
            : `${link.purpose === 'invitation' ? `You have been invited as ${link.role}. ` : ''}Choose your name and password.`}
        </Text>
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          readOnly={link.email !== null}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput label="Name" name="name" autoComplete="name" required value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="new-password"
          required
          minLength={12}
          description="At least 12 characters. Length is what counts."
          error={isShort ? `${12 - password.length} more characters` : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        {create.error && <ErrorNotice error={create.error} />}
        <Button type="submit" loading={create.isPending} disabled={isShort} fullWidth mt={4}>
          Make the account
        </Button>
      </Stack>
    </form>
  );
}
