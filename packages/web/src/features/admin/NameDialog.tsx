import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../shared/FormDialog.tsx';

/** Changes a name, one's own or a user's. */
export function NameDialog({
  title,
  name: present,
  save,
  onClose,
}: {
  title: string;
  name: string;
  save: (name: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [name, setName] = useState(present);
  const change = useMutation({ mutationFn: () => save(name), onSuccess: onClose });
  return (
    <FormDialog title={title} onClose={onClose} mutation={change} action="Save" disabled={name.trim() === '' || name.trim() === present}>
      <TextInput
        label="Name"
        autoComplete="name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
