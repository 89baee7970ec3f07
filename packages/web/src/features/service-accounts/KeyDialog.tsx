import { NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createServiceKey } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { KeyLimits, limitsOf, noLimits } from '../../shared/keys/KeyLimits.tsx';
import { KeySecret } from './KeySecret.tsx';

/** Makes a key of a service account; its text is shown once. */
export function KeyDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [days, setDays] = useState(90);
  const [limits, setLimits] = useState(noLimits);
  const create = useMutation({
    mutationFn: () => api.call(createServiceKey, { params: { slug }, body: { title: title.trim(), days, ...limitsOf(limits) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  if (create.data) return <KeySecret secret={create.data.token} onClose={onClose} />;
  return (
    <FormDialog title="New key" size="lg" onClose={onClose} mutation={create} action="Make the key" note="The key is shown once.">
      <TextInput
        label="Where it is used"
        placeholder="Scheduler"
        required
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <KeyLimits value={limits} onChange={setLimits} holder="the account" />
      <NumberInput label="Valid for (days)" min={1} max={366} allowDecimal={false} value={days} onChange={(value) => setDays(Number(value) || 1)} />
    </FormDialog>
  );
}
