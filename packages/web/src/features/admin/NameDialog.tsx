import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';

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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            autoComplete="name"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {change.error && <ErrorNotice error={change.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={change.isPending} disabled={name.trim() === '' || name.trim() === present}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
