import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { startMaintenance } from '@tidewheel/client/routes';
import type { Target } from '@tidewheel/contract/target';
import { useState } from 'react';
import { utcInstant } from '../../form/local-instant.ts';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';

/** Takes a host out of work for a time. */
export function MaintenanceDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const start = useMutation({
    mutationFn: () => api.call(startMaintenance, { params: { target: target.id }, body: { reason, from: utcInstant(from), until: utcInstant(until) ?? null } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['targets'] });
      onClose();
    },
  });
  return (
    <FormDialog title={`Maintenance of ${target.name}`} onClose={onClose} mutation={start} action="Start maintenance" disabled={reason.trim() === ''}>
      <Text size="sm">Steps that name this host fail until it is over, and can be run again then.</Text>
      <TextInput label="Reason" withAsterisk value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      <TextInput type="datetime-local" label="From" description="Empty: now" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput
        type="datetime-local"
        label="Until"
        description="Empty: until somebody ends it"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
