import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createWorkspace, updateWorkspace } from '@tidewheel/client/routes';
import type { Workspace } from '@tidewheel/contract/routes/workspaces';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { meQuery } from '../../shared/session.ts';

/** Makes a workspace, or renames the one given. */
export function WorkspaceDialog({ workspace, onClose }: { workspace?: Workspace; onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(workspace?.title ?? '');
  const [slug, setSlug] = useState(workspace?.slug);
  const [administrator, setAdministrator] = useState('');
  const wanted = slug ?? slugOf(title);
  const save = useMutation({
    mutationFn: () => {
      if (workspace) return api.call(updateWorkspace, { params: { slug: workspace.slug }, body: { slug: wanted, title: title.trim() } });
      const body = { slug: wanted, title: title.trim(), ...(administrator.trim() === '' ? {} : { administrator: administrator.trim() }) };
      return api.call(createWorkspace, { body });
    },
    onSuccess: async () => {
      await Promise.all([queries.invalidateQueries({ queryKey: ['workspaces'] }), queries.invalidateQueries({ queryKey: meQuery.queryKey })]);
      onClose();
    },
  });
  return (
    <FormDialog title={workspace ? `Rename ${workspace.title}` : 'New workspace'} onClose={onClose} mutation={save} action={workspace ? 'Rename' : 'Create'}>
      <TextInput label="Title" required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <TextInput
        label="Name in addresses"
        description={workspace ? 'Links with the old name go on working.' : 'a-z, 0-9 and -'}
        required
        value={wanted}
        onChange={(event) => setSlug(event.currentTarget.value)}
      />
      {!workspace && (
        <TextInput
          label="Another administrator"
          description="E-mail of somebody who has an account. You are one in any case."
          type="email"
          value={administrator}
          onChange={(event) => setAdministrator(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
