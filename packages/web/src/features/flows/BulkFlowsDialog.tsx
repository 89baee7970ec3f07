import { Text, TextInput } from '@mantine/core';
import { changeFlows } from '@tidewheel/client/routes';
import type { FlowAction, FlowChoice } from '@tidewheel/contract/routes/flow-bulk';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { BulkPreview } from '../../shared/bulk/BulkPreview.tsx';
import { useBulk } from '../../shared/bulk/use-bulk.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { type FlowVerb, verbTitles, verbWords } from './flow-verbs.ts';

interface BulkFlowsDialogProps {
  choice: FlowChoice;
  verb: FlowVerb;
  which: string;
  onClose: () => void;
  onDone: () => void;
}

/** The same done to many flows: which it would change is shown first. */
export function BulkFlowsDialog({ choice, verb, which, onClose, onDone }: BulkFlowsDialogProps) {
  const [reason, setReason] = useState('');
  const action = actionOf(verb, reason.trim());
  const { preview, change } = useBulk({
    key: 'flows',
    one: 'flow',
    many: 'flows',
    body: action && { choice, action },
    call: (body) => api.call(changeFlows, { body }),
    onDone: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={`${verbTitles[verb]} ${which}`}
      onClose={onClose}
      mutation={change}
      action={preview.data ? `${verbTitles[verb]} ${preview.data.changed}` : verbTitles[verb]}
      disabled={!preview.data || preview.data.changed === 0}
      isDanger={verb === 'archive'}
    >
      <Text size="sm">{verbWords[verb]}</Text>
      {verb === 'off' && (
        <TextInput
          label="Reason"
          description="Told to everybody who would start them"
          required
          maxLength={1_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <BulkPreview preview={preview.data} error={preview.error} many="flows" />
    </FormDialog>
  );
}

/** Null while the reason is missing. */
function actionOf(verb: FlowVerb, reason: string): FlowAction | null {
  if (verb !== 'off') return { do: verb };
  return reason === '' ? null : { do: verb, reason };
}
