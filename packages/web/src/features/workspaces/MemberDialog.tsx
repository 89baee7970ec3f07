import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { addMember } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { RoleChoice } from '../../shared/RoleChoice.tsx';

/** Adds somebody who has an account already. */
export function MemberDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('viewer');
  const add = useMutation({
    mutationFn: () => api.call(addMember, { params: { slug }, body: { email: email.trim(), role } }),
    onSuccess: async () => {
      await Promise.all(['members', 'users', 'workspaces'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Add a member">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">For people who have an account, in another workspace. Others are invited on the page Users.</Text>
          <TextInput label="E-mail" type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus />
          <RoleChoice value={role} onChange={setRole} />
          {add.error && <ErrorNotice error={add.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
