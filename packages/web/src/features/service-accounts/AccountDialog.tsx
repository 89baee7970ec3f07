import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createServiceAccount, updateServiceAccount } from '@tidewheel/client/routes';
import type { ServiceAccount } from '@tidewheel/contract/routes/service-accounts';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { RoleChoice } from '../../shared/RoleChoice.tsx';

/** Makes a service account, or changes the one given. */
export function AccountDialog({ account, onClose, onMade }: { account?: ServiceAccount; onClose: () => void; onMade?: (slug: string) => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(account?.title ?? '');
  const [slug, setSlug] = useState(account?.slug);
  const [description, setDescription] = useState(account?.description ?? '');
  const [role, setRole] = useState<string>(account?.role ?? 'viewer');
  const shownOwner = account?.owner?.includes('@') ? account.owner : '';
  const [owner, setOwner] = useState(shownOwner);
  const wanted = slug ?? slugOf(title);
  const save = useMutation({
    mutationFn: () => {
      const content = { title: title.trim(), description: description.trim(), role, ...(owner.trim() === shownOwner ? {} : { owner: owner.trim() }) };
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
  return (
    <FormDialog title={account ? `Change ${account.title}` : 'New service account'} onClose={onClose} mutation={save} action={account ? 'Save' : 'Create'}>
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
    </FormDialog>
  );
}
