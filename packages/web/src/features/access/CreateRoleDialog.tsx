import { Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createRole } from '@tidewheel/client/routes';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { useRoleChoices } from '../../shared/roles.ts';

/** A role begins as a copy, or empty. */
export function CreateRoleDialog({ from, onClose }: { from?: string; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const choices = useRoleChoices();
  const [title, setTitle] = useState('');
  const [slug, setSlug] = useState<string | null>(null);
  const [copyFrom, setCopyFrom] = useState<string | null>(from ?? 'viewer');
  const name = slug ?? slugOf(title);
  const create = useMutation({
    mutationFn: () => api.call(createRole, { body: { slug: name, title, ...(copyFrom === null ? {} : { copyFrom }) } }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['roles'] });
      await navigate({ to: '/admin/roles/$slug', params: { slug: made.slug } });
      onClose();
    },
  });
  return (
    <FormDialog title="New role" onClose={onClose} mutation={create} action="Make the role" disabled={title.trim() === '' || name === ''}>
      <TextInput label="Title" required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <TextInput label="Name" description="It cannot be changed later" required value={name} onChange={(event) => setSlug(event.currentTarget.value)} />
      <Select label="Begin as a copy of" clearable placeholder="Nothing: an empty role" data={choices} value={copyFrom} onChange={setCopyFrom} />
    </FormDialog>
  );
}
