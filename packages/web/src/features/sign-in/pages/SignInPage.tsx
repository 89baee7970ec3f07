import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { showEntry, signIn } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { meQuery } from '../../../shared/session.ts';
import { EntryFrame } from '../EntryFrame.tsx';
import { safeNext } from '../safe-next.ts';

const route = getRouteApi('/sign-in');

const isDue = (error: Error) => error instanceof AppError && error.code === 'auth.second_factor_required';

export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const entry = useQuery({ queryKey: ['entry'], queryFn: () => api.call(showEntry) }).data;
  const enter = useMutation({
    mutationFn: () => api.call(signIn, { body: { email: email.trim(), password, ...(code.trim() === '' ? {} : { code }) } }),
    onError: (error) => setAsksCode((asks) => asks || isDue(error)),
    onSuccess: (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      router.history.push(safeNext(next));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <EntryFrame title="Sign in">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            autoFocus
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
          {asksCode && (
            <TextInput
              label="Code of your second factor"
              description="Six digits of your app, or a recovery code."
              name="code"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoFocus
            />
          )}
          {enter.error && !isDue(enter.error) && <ErrorNotice error={enter.error} />}
          <Button type="submit" loading={enter.isPending} fullWidth mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
      {entry?.mail && (
        <LinkButton to="/forgotten-password" variant="subtle" fullWidth mt="xs">
          Forgotten password
        </LinkButton>
      )}
      {entry?.selfRegistration && (
        <LinkButton to="/register" variant="subtle" fullWidth>
          Make an account
        </LinkButton>
      )}
    </EntryFrame>
  );
}
