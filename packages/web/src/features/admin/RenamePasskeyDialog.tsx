import { TextInput } from '@mantine/core';
import { renamePasskey } from '@tidewheel/client/routes';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { useFactorChange } from './factor-change.ts';

export function RenamePasskeyDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const [title, setTitle] = useState(passkey.title);
  const rename = useFactorChange(() => api.call(renamePasskey, { params: { id: passkey.id }, body: { title } }), onClose);
  return (
    <FormDialog title="Rename the passkey" onClose={onClose} mutation={rename} action="Rename" hasClose={false}>
      <TextInput label="Name" required maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
    </FormDialog>
  );
}
