import { Button, Group, Stack, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { updateCredential } from '@tidewheel/client/routes';
import type { Credential } from '@tidewheel/contract/routes/credentials';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { MetadataFields } from './MetadataFields.tsx';
import { metadataOf } from './metadata.ts';

/** What people see of a credential; the secret is changed by rotating it. */
export function EditCredentialForm({ credential, canEdit }: { credential: Credential; canEdit: boolean }) {
  const queries = useQueryClient();
  const [metadata, setMetadata] = useState(() => metadataOf(credential));
  const save = useMutation({
    mutationFn: () => api.call(updateCredential, { params: { slug: credential.slug }, body: { ...metadata, title: metadata.title.trim() } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['credentials'] });
      announce('The credential is changed.');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
      <Stack gap="sm">
        <Title order={2}>Settings</Title>
        <MetadataFields value={metadata} onChange={setMetadata} disabled={!canEdit} />
        {save.error && <ErrorNotice error={save.error} />}
        {canEdit && (
          <Group mt="xs">
            <Button type="submit" loading={save.isPending} disabled={metadata.title.trim() === ''} leftSection={<IconDeviceFloppy size={16} aria-hidden />}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
