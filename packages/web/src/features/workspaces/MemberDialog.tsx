import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { addMember } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
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
  return (
    <FormDialog title="Add a member" onClose={onClose} mutation={add} action="Add">
      <Text size="sm">For people who have an account, in another workspace. Others are invited on the page Users.</Text>
      <TextInput label="E-mail" type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus />
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}
