import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createServiceAccount, updateServiceAccount } from '@tidewheel/client/routes';
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import { slugOf } from '@tidewheel/contract/slug';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { RoleChoice } from '../../shared/RoleChoice.tsx';

/** Makes a service account, or changes the one given. */
export function AccountDialog({ account, onClose, onMade }: { account?: ServiceAccount; onClose: () => void; onMade?: (slug: string) => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(account?.title ?? '');
  const [slug, setSlug] = useState(account?.slug);
  const [description, setDescription] = useState(account?.description ?? '');
  const [role, setRole] = useState<string>(account?.role ?? 'viewer');
  const [owner, setOwner] = useState(account?.owner ?? '');
  const wanted = slug ?? slugOf(title);
  const save = useMutation({
    mutationFn: () => {
      const content = { title: title.trim(), description: description.trim(), role, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) };
      return account
        ? api.call(updateServiceAccount, { params: { slug: account.slug }, body: content })
        : api.call(createServiceAccount, { body: { ...content, slug: wanted } });
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['service-accounts'] });
      onClose();
      onMade?.(made.slug);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={account ? `Change ${account.title}` : 'New service account'}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Title"
            placeholder="Nightly loads"
            required
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          {!account && (
            <TextInput
              label="Name"
              description={`The audit trail shows it as service:${wanted || '…'}`}
              required
              value={wanted}
              onChange={(event) => setSlug(event.currentTarget.value)}
            />
          )}
          <Textarea
            label="What it is for"
            maxLength={2000}
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <RoleChoice value={role} onChange={setRole} description="A role that may do more than you cannot be given." />
          <TextInput
            label="Who answers for it"
            description={account ? 'E-mail of a member.' : 'E-mail of a member; you, unless told.'}
            type="email"
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          {save.error && <ErrorNotice error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={save.isPending}>
              {account ? 'Save' : 'Create'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
