import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { resetSecondFactor, revokeUserSessions, sendPasswordReset } from '@tidewheel/client/routes';
import type { User } from '@tidewheel/contract/routes/identity';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';
import { OnceSecret } from '../../shared/OnceSecret.tsx';
import { Time } from '../../shared/Time.tsx';

/** What an administrator does for a user who is locked out or whose device is lost. */
export function UserActions({ user, align = 'flex-end' }: { user: User; align?: 'flex-start' | 'flex-end' }) {
  const queries = useQueryClient();
  const reset = useMutation({
    mutationFn: () => api.call(sendPasswordReset, { params: { id: user.id } }),
    onSuccess: ({ mailed, email }) => mailed && announce(`A link is on its way to ${email}.`),
  });
  const end = useMutation({
    mutationFn: () => api.call(revokeUserSessions, { params: { id: user.id } }),
    onSuccess: ({ ended, revoked }) => {
      announce(`${ended} sessions ended and ${revoked} API tokens revoked.`);
      return queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const forget = useMutation({
    mutationFn: () => api.call(resetSecondFactor, { params: { id: user.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  const link = reset.data?.link ?? null;
  return (
    <Group gap={6} justify={align} wrap={align === 'flex-end' ? 'nowrap' : 'wrap'} my={align === 'flex-end' ? 0 : 8}>
      <ConfirmButton
        size="xs"
        ask={{
          title: `Send ${user.name} a link to set a new password?`,
          text: 'It works once, for half an hour. Without a mail server it is shown to you instead, once.',
          confirm: 'Send it',
        }}
        mutation={reset}
        aria-label={`Reset password of ${user.name}`}
      >
        Reset password
      </ConfirmButton>
      <ConfirmButton
        size="xs"
        ask={{
          title: `End all sessions of ${user.name}?`,
          text: 'API tokens are revoked too: programs that use them stop working.',
          confirm: 'End them',
          isDanger: true,
        }}
        mutation={end}
        aria-label={`End sessions of ${user.name}`}
      >
        End sessions
      </ConfirmButton>
      {user.secondFactor && (
        <ConfirmButton
          size="xs"
          ask={{
            title: `Switch off the second factor of ${user.name}?`,
            text: 'For a lost device. Make sure who asks you for it: the password alone signs in then. All sessions of the user end.',
            confirm: 'Switch it off',
            isDanger: true,
          }}
          mutation={forget}
          aria-label={`Reset second factor of ${user.name}`}
        >
          Reset second factor
        </ConfirmButton>
      )}
      {reset.data && link !== null && (
        <Modal opened onClose={reset.reset} title="Link to set a new password">
          <Stack gap="sm">
            <Text size="sm">
              Give this link to {user.email}. It works once, until <Time at={reset.data.expiresAt} />, and is not shown again.
            </Text>
            <OnceSecret value={link} label="the link" />
            <Button onClick={reset.reset}>Done</Button>
          </Stack>
        </Modal>
      )}
    </Group>
  );
}
