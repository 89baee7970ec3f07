import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { resetPassword, showAccountLink, verifyEmail } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { EntryFrame } from '../EntryFrame.tsx';

const route = getRouteApi('/account-link/$token');

/** Behind a link to an account: a new password, or the confirmation of an address. */
export function AccountLinkPage() {
  const { token } = route.useParams();
  const link = useQuery({
    queryKey: ['account-link', token],
    queryFn: () => api.call(showAccountLink, { params: { token } }),
    retry: false,
    staleTime: Infinity,
  });
  const title = link.data?.purpose === 'email-verification' ? 'Confirm your address' : 'Set a new password';
  return (
    <EntryFrame title={title}>
      {link.error ? (
        <>
          <Text mb="md">{link.error.message}</Text>
          <ToSignIn />
        </>
      ) : (
        <Loaded query={link} lines={3}>
          {({ purpose, email }) => (purpose === 'email-verification' ? <Confirm token={token} email={email} /> : <NewPassword token={token} email={email} />)}
        </Loaded>
      )}
    </EntryFrame>
  );
}

const ToSignIn = () => (
  <LinkButton to="/sign-in" fullWidth>
    Sign in
  </LinkButton>
);

/** A button, since programs that look at mails follow links too. */
function Confirm({ token, email }: { token: string; email: string }) {
  const confirm = useMutation({ mutationFn: () => api.call(verifyEmail, { params: { token } }) });
  if (confirm.data)
    return (
      <>
        <Text role="status" mb="md">
          {email} is confirmed.
        </Text>
        <LinkButton to="/" fullWidth>
          Go on
        </LinkButton>
      </>
    );
  return (
    <Stack gap="sm">
      <Text>Is {email} your address?</Text>
      {confirm.error && <ErrorNotice error={confirm.error} />}
      <Button onClick={() => confirm.mutate()} loading={confirm.isPending} fullWidth>
        Confirm
      </Button>
    </Stack>
  );
}

function NewPassword({ token, email }: { token: string; email: string }) {
  const [password, setPassword] = useState('');
  const reset = useMutation({ mutationFn: () => api.call(resetPassword, { params: { token }, body: { password } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  if (reset.data)
    return (
      <>
        <Text role="status" mb="md">
          The new password is set, and every session of the account has ended.
        </Text>
        <ToSignIn />
      </>
    );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
        <PasswordInput
          label={`New password of ${email}`}
          name="password"
          autoComplete="new-password"
          required
          minLength={12}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        {reset.error && <ErrorNotice error={reset.error} />}
        <Button type="submit" loading={reset.isPending} fullWidth>
          Set the password
        </Button>
      </Stack>
    </form>
  );
}
