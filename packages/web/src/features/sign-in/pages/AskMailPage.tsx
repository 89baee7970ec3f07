import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { forgotPassword, register } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { EntryFrame } from '../EntryFrame.tsx';

const kinds = {
  forgotten: {
    title: 'Forgotten password',
    send: (email: string) => api.call(forgotPassword, { body: { email } }),
    intro: 'We mail you a link with which you set a new password.',
    sent: 'If this address has an account and was confirmed, a link is on its way. It works once, for half an hour. An administrator can make one for you as well.',
  },
  register: {
    title: 'Make an account',
    send: (email: string) => api.call(register, { body: { email } }),
    intro: 'We mail you a link with which you make your account.',
    sent: 'A mail is on its way to this address. Its link works once, for half an hour.',
  },
} as const;

export const ForgottenPasswordPage = () => <AskMailPage kind="forgotten" />;
export const RegisterPage = () => <AskMailPage kind="register" />;

/** Asks for a mail with a link. What it says then is the same for every address. */
function AskMailPage({ kind }: { kind: keyof typeof kinds }) {
  const { title, send, intro, sent } = kinds[kind];
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: () => send(email.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <EntryFrame title={title}>
      {ask.data ? (
        <Text role="status" mb="md">
          {sent}
        </Text>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Text c="dimmed" size="sm">
              {intro}
            </Text>
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
            {ask.error && <ErrorNotice error={ask.error} />}
            <Button type="submit" loading={ask.isPending} fullWidth>
              Mail me a link
            </Button>
          </Stack>
        </form>
      )}
      <LinkButton to="/sign-in" variant="subtle" fullWidth mt="xs">
        Back to sign-in
      </LinkButton>
    </EntryFrame>
  );
}
