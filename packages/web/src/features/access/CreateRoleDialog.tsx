import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createRole } from '@tidewheel/client/routes';
import { slugOf } from '@tidewheel/contract/slug';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="New role">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label="Title" required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
          <TextInput label="Name" description="It cannot be changed later" required value={name} onChange={(event) => setSlug(event.currentTarget.value)} />
          <Select label="Begin as a copy of" clearable placeholder="Nothing: an empty role" data={choices} value={copyFrom} onChange={setCopyFrom} />
          {create.error && <ErrorNotice error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={create.isPending} disabled={title.trim() === '' || name === ''}>
              Make the role
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
