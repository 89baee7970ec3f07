import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { renamePasskey } from '@tidewheel/client/routes';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { useFactorChange } from './factor-change.ts';

export function RenamePasskeyDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const [title, setTitle] = useState(passkey.title);
  const rename = useFactorChange(() => api.call(renamePasskey, { params: { id: passkey.id }, body: { title } }), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Rename the passkey">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label="Name" required maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
          {rename.error && <ErrorNotice error={rename.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={rename.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
