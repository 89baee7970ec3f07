import { Button, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createSeparation } from '@tidewheel/client/routes';
import type { Permission } from '@tidewheel/contract/route';
import { useState } from 'react';
import { permissionChoices } from '../../shared/access/permission-words.ts';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { ViolationTable } from './ViolationTable.tsx';

/** Which permissions nobody may hold together; then, who does already. */
export function SeparationDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [one, setOne] = useState<string[]>([]);
  const [other, setOther] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () => api.call(createSeparation, { body: { title, one: one as Permission[], other: other as Permission[] } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['separations'] }),
  });
  return (
    <FormDialog
      title="Keep duties apart"
      size="lg"
      onClose={onClose}
      mutation={create}
      action="Keep them apart"
      disabled={one.length === 0 || other.length === 0}
      done={
        create.data && (
          <Stack>
            <Text size="sm">
              {create.data.violations.length === 0
                ? 'Nobody holds both. From now on nothing is given that would bring them together.'
                : 'From now on nothing is given that would make another case. These hold both already:'}
            </Text>
            {create.data.violations.length > 0 && <ViolationTable violations={create.data.violations} />}
            <Group justify="flex-end">
              <Button onClick={onClose}>Done</Button>
            </Group>
          </Stack>
        )
      }
    >
      <TextInput
        label="Title"
        description="Shown whenever something is refused for it"
        required
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <MultiSelect label="Whoever may do one of these" required searchable data={permissionChoices} value={one} onChange={setOne} />
      <MultiSelect label="may do none of those" required searchable data={permissionChoices} value={other} onChange={setOther} />
    </FormDialog>
  );
}
