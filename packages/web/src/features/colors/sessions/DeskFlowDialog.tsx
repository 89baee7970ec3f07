import { Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { updateColorDeskFlow } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { deskFlowQuery } from './sessions.queries.ts';

/** Which flow processes sessions unless another one is chosen. */
export function DeskFlowDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const query = useQuery(deskFlowQuery());
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const save = useMutation({
    mutationFn: () => api.call(updateColorDeskFlow, { body: { flow: chosen ?? null, revision: query.data?.revision ?? 0 } }),
    onSuccess: () => {
      announce('The flow is chosen.');
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: deskFlowQuery().queryKey }),
  });
  return (
    <FormDialog title="Flow of the desk" action="Save" mutation={save} onClose={onClose} disabled={chosen === undefined}>
      <Text size="sm">It processes sessions unless another one is chosen there. Published flows of kind color that take, rank and keep can.</Text>
      <Loaded query={query} lines={1}>
        {({ flow, flows }) => (
          <Select
            label="Flow"
            placeholder={flows.length === 0 ? 'No flow can' : 'None'}
            data={flows.map(({ slug, title }) => ({ value: slug, label: title }))}
            value={chosen === undefined ? flow : chosen}
            clearable
            onChange={setChosen}
          />
        )}
      </Loaded>
    </FormDialog>
  );
}
