import { Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { processColorSession } from '@tidewheel/client/routes';
import type { ColorSessionDetail } from '@tidewheel/contract/color-session';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { deskFlowQuery, sessionsKey } from './sessions.queries.ts';

/** Which flow keeps the rows, said before they are given to it. */
export function ProcessDialog({ session, onClose }: { session: ColorSessionDetail; onClose: () => void }) {
  const { id, kept, excluded, removed, revision } = session;
  const queries = useQueryClient();
  const flows = useQuery(deskFlowQuery());
  const [chosen, setChosen] = useState<string | null>(null);
  const only = flows.data?.flows.length === 1 ? flows.data.flows[0]?.slug : undefined;
  const flow = chosen ?? flows.data?.flow ?? only ?? null;
  const process = useMutation({
    mutationFn: () => api.call(processColorSession, { params: { id }, body: { seen: revision, ...(flow === null ? {} : { flow }) } }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
  return (
    <FormDialog title="Process these rows?" action="Process" mutation={process} onClose={onClose} disabled={flow === null || kept === 0}>
      <Text size="sm">
        {kept.toLocaleString('en')} rows are kept in this order, {excluded.toLocaleString('en')} as excluded
        {removed > 0 && `; ${removed.toLocaleString('en')} removed ones go`}.{' '}
        {kept === 0 ? 'Nothing would be kept: include rows again, or discard the session.' : 'The session ends with it.'}
      </Text>
      <Loaded query={flows} lines={1}>
        {(desk) =>
          desk.flows.length === 0 ? (
            <Text size="sm" role="alert">
              No published flow can: make one of kind color with the steps color.take, color.rank and color.keep.
            </Text>
          ) : (
            <Select
              label="Flow"
              placeholder="Choose one"
              data={desk.flows.map(({ slug, title }) => ({ value: slug, label: slug === desk.flow ? `${title} (of the desk)` : title }))}
              value={flow}
              allowDeselect={false}
              onChange={setChosen}
            />
          )
        }
      </Loaded>
    </FormDialog>
  );
}
