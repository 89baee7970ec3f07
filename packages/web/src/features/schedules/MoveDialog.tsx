import { Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Occurrence } from '@tidewheel/contract/schedule';
import { useState } from 'react';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { instantIn } from './local-moment.ts';

interface MoveDialogProps {
  occurrence: Occurrence;
  timeZone: string;
  move: (to: string, reason: string | undefined) => Promise<unknown>;
  onClose: () => void;
}

/** The same as dragging, by keyboard, and to another time as well. */
export function MoveDialog({ occurrence, timeZone, move, onClose }: MoveDialogProps) {
  const [to, setTo] = useState(occurrence.local.slice(0, 16));
  const [reason, setReason] = useState('');
  const mutation = useMutation({ mutationFn: () => move(instantIn(timeZone, to), reason.trim() || undefined), onSuccess: onClose });
  return (
    <FormDialog title="Move this moment" mutation={{ ...mutation, mutate: () => mutation.mutate() }} action="Move" onClose={onClose}>
      <Text size="sm">
        {occurrence.local.slice(0, 16).replace('T', ' ')}: {occurrence.explanation}
      </Text>
      <TextInput
        label={`To, on the clocks of ${timeZone}`}
        type="datetime-local"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </FormDialog>
  );
}
