import { Group, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createGrant } from '@tidewheel/client/routes';
import { useState } from 'react';
import { endOfDay } from '../../shared/access/end-of-day.ts';
import { MemberField } from '../../shared/access/MemberField.tsx';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { useRoleChoices } from '../../shared/roles.ts';

/** The rules of a role, for a time. One object is shared from its own page. */
export function GrantDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const choices = useRoleChoices();
  const [values, setValues] = useState({ user: '', role: 'operator', from: '', until: '', reason: '' });
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  const { user, role, reason, from, until } = values;
  const grant = useMutation({
    mutationFn: () =>
      api.call(createGrant, {
        body: { user, role, reason, until: endOfDay(until), ...(from === '' ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }) },
      }),
    onSuccess: async (made) => {
      announce(`${made.user.email} has it ${made.state === 'planned' ? 'from then on' : 'now'}.`);
      await queries.invalidateQueries({ queryKey: ['grants'] });
      onClose();
    },
  });
  return (
    <FormDialog title="Give more for a time" onClose={onClose} mutation={grant} action="Give it">
      <MemberField label="To" value={user} onChange={(email) => set({ user: email })} />
      <Select label="What the role gives" data={choices} value={role} allowDeselect={false} onChange={(value) => set({ role: value ?? role })} />
      <Group grow>
        <TextInput label="From" type="date" value={from} onChange={(event) => set({ from: event.currentTarget.value })} />
        <TextInput label="Until" type="date" value={until} onChange={(event) => set({ until: event.currentTarget.value })} />
      </Group>
      <TextInput label="Reason" required minLength={3} value={reason} onChange={(event) => set({ reason: event.currentTarget.value })} />
    </FormDialog>
  );
}
