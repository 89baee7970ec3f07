import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { showEntry, signIn } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { PasskeyPlace } from '../../../shared/PasskeyPlace.tsx';
import { passkeysWorkHere } from '../../../shared/passkeys.ts';
import { EntryFrame } from '../EntryFrame.tsx';
import { SecondStep } from '../SecondStep.tsx';
import { SsoButtons } from '../SsoButtons.tsx';
import { useEntering } from '../use-entering.ts';
import { usePasskeyEntry, usePasskeyOffer } from '../use-passkey-entry.ts';

const route = getRouteApi('/sign-in');

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
        <SecondStep
          methods={methods}
          giveCode={(code) => api.call(signIn, { body: { email: email.trim(), password, code } })}
          onEntered={onEntered}
          onBack={() => setMethods(null)}
        />
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
      {entry && <PasskeyEntry origin={entry.passkeyOrigin} onEntered={onEntered} />}
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

function PasskeyEntry({ origin, onEntered }: { origin: string | null; onEntered: (me: Me) => void }) {
  const isHere = passkeysWorkHere(origin);
  const enter = usePasskeyEntry({ secondFactor: false, onEntered });
  usePasskeyOffer({ isOn: isHere, onEntered });
  // Where none can work nobody has one: nothing to say.
  if (origin === null) return null;
  if (!isHere)
    return (
      <div style={{ marginTop: 12, textAlign: 'center' }}>
        <PasskeyPlace origin={origin} path="/sign-in" />
      </div>
    );
  return (
    <Stack gap="sm" mt="sm">
      {enter.error && <ErrorNotice error={enter.error} />}
      <Button variant="default" fullWidth loading={enter.isPending} onClick={() => enter.mutate()}>
        Sign in with a passkey
      </Button>
    </Stack>
  );
}
