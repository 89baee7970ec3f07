import { Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { updateColorSession } from '@tidewheel/client/routes';
import type { ColorSession, ColorSessionDetail } from '@tidewheel/contract/color-session';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { sessionsKey } from './sessions.queries.ts';

export const shares = [
  { value: 'no', label: 'Only the owner' },
  { value: 'read', label: 'Others read it' },
  { value: 'edit', label: 'Others edit it' },
] as const satisfies { value: ColorSession['shared']; label: string }[];

/** How it is called, and who else may go on with it. */
export function SessionSettings({ session, onClose }: { session: ColorSessionDetail; onClose: () => void }) {
  const { id } = session;
  const queries = useQueryClient();
  const [title, setTitle] = useState(session.title);
  const [shared, setShared] = useState(session.shared);
  const save = useMutation({
    mutationFn: () => api.call(updateColorSession, { params: { id }, body: { title: title.trim(), shared } }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
  return (
    <FormDialog title="Name and sharing" action="Save" mutation={save} onClose={onClose} disabled={title.trim() === ''}>
      <TextInput label="Name" required maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <Select
        label="Who may see it"
        description="People of this workspace who work at the color desk; who keeps the desk sees and edits all sessions"
        data={shares}
        value={shared}
        allowDeselect={false}
        onChange={(to) => to && setShared(to as ColorSession['shared'])}
      />
    </FormDialog>
  );
}
