import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { showEntry, signIn } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { EntryFrame } from '../EntryFrame.tsx';
import { SsoButtons } from '../SsoButtons.tsx';
import { useEntering } from '../use-entering.ts';

const route = getRouteApi('/sign-in');
// Few need them at once, and this page is the first that everybody loads.
const SecondStep = lazy(() => import('../SecondStep.tsx').then((module) => ({ default: module.SecondStep })));
const PasskeyEntry = lazy(() => import('../PasskeyEntry.tsx').then((module) => ({ default: module.PasskeyEntry })));

/** The ways of the second step, when that is what the server asks for. */
function methodsDue(error: Error): FactorMethod[] | null {
  if (!(error instanceof AppError) || error.code !== 'auth.second_factor_required') return null;
  const methods = error.details?.['methods'];
  return Array.isArray(methods) ? (methods as FactorMethod[]) : [];
}

export function SignInPage() {
  const { next } = route.useSearch();
  const onEntered = useEntering(next);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [methods, setMethods] = useState<FactorMethod[] | null>(null);
  const entry = useQuery({ queryKey: ['entry'], queryFn: () => api.call(showEntry) }).data;
  const enter = useMutation({
    mutationFn: () => api.call(signIn, { body: { email: email.trim(), password } }),
    onError: (error) => setMethods(methodsDue(error)),
    onSuccess: onEntered,
  });
  if (methods !== null)
    return (
      <EntryFrame title="Sign in">
        <Suspense fallback={null}>
          <SecondStep
            methods={methods}
            giveCode={(code) => api.call(signIn, { body: { email: email.trim(), password, code } })}
            onEntered={onEntered}
            onBack={() => setMethods(null)}
          />
        </Suspense>
      </EntryFrame>
    );
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
            autoComplete="username webauthn"
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
          {enter.error && methodsDue(enter.error) === null && <ErrorNotice error={enter.error} />}
          <Button type="submit" loading={enter.isPending} fullWidth mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
      <SsoButtons next={next} />
      <Suspense fallback={null}>{entry && <PasskeyEntry origin={entry.passkeyOrigin} onEntered={onEntered} />}</Suspense>
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
