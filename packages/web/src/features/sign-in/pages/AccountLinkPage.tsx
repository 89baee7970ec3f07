import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { confirmEmailChange, resetPassword, showAccountLink, verifyEmail } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { meQuery } from '../../../shared/session.ts';
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
  const purpose = link.data?.purpose ?? 'password-reset';
  return (
    <EntryFrame title={titles[purpose]}>
      {link.error ? (
        <>
          <Text mb="md">{link.error.message}</Text>
          <ToSignIn />
        </>
      ) : (
        <Loaded query={link} lines={3}>
          {({ email }) =>
            purpose === 'password-reset' ? (
              <NewPassword token={token} email={email} />
            ) : (
              <Confirm token={token} email={email} isNew={purpose === 'email-change'} />
            )
          }
        </Loaded>
      )}
    </EntryFrame>
  );
}

const titles = { 'email-verification': 'Confirm your address', 'email-change': 'Confirm your new address', 'password-reset': 'Set a new password' };

const ToSignIn = () => (
  <LinkButton to="/sign-in" fullWidth>
    Sign in
  </LinkButton>
);

/** A button, since programs that look at mails follow links too. */
function Confirm({ token, email, isNew }: { token: string; email: string; isNew: boolean }) {
  const queries = useQueryClient();
  const confirm = useMutation<unknown>({
    mutationFn: () => (isNew ? api.call(confirmEmailChange, { params: { token } }) : api.call(verifyEmail, { params: { token } })),
    // Whoever is signed in here goes by another address now, or by a confirmed one.
    onSuccess: () => queries.removeQueries({ queryKey: meQuery.queryKey }),
  });
  if (confirm.isSuccess)
    return (
      <>
        <Text role="status" mb="md">
          {isNew ? `You sign in with ${email} from now on.` : `${email} is confirmed.`}
        </Text>
        <LinkButton to="/" fullWidth>
          Go on
        </LinkButton>
      </>
    );
  return (
    <Stack gap="sm">
      <Text>{isNew ? `Shall your account go by ${email}?` : `Is ${email} your address?`}</Text>
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
