import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { inviteUser } from '@tidewheel/client/routes';
import type { Role } from '@tidewheel/contract/access';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { OnceSecret } from '../../shared/OnceSecret.tsx';
import { useRoleChoices } from '../../shared/roles.ts';
import { Time } from '../../shared/Time.tsx';

/** Makes a one-time link for a person; it is shown once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const roleChoices = useRoleChoices();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const invite = useMutation({
    mutationFn: () => api.call(inviteUser, { body: { email: email.trim(), role } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  return (
    <FormDialog
      title="Invite a person"
      onClose={onClose}
      mutation={invite}
      action="Invite"
      done={
        invite.data && (
          <Stack gap="sm">
            <Text size="sm">
              {invite.data.link === null ? 'A mail with a link is on its way to' : 'Give this link to'} {invite.data.email}. It works once, until{' '}
              <Time at={invite.data.expiresAt} />
              {invite.data.link === null ? '.' : ', and is not shown again.'}
            </Text>
            {invite.data.link !== null && <OnceSecret value={invite.data.link} label="the link" />}
            <Group justify="flex-end">
              <Button onClick={onClose}>Done</Button>
            </Group>
          </Stack>
        )
      }
    >
      <TextInput label="E-mail" type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus />
      <Select label="Role" data={roleChoices} value={role} allowDeselect={false} onChange={(value) => setRole((value ?? 'viewer') as Role)} />
    </FormDialog>
  );
}
