import { Text } from '@mantine/core';
import { changeTriggers } from '@tidewheel/client/routes';
import type { TriggerAction, TriggerChoice } from '@tidewheel/contract/routes/triggers';
import { api } from '../../shared/api.ts';
import { BulkPreview } from '../../shared/bulk/BulkPreview.tsx';
import { useBulk } from '../../shared/bulk/use-bulk.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { verbTitles, verbWords } from './trigger-verbs.ts';

interface BulkTriggersDialogProps {
  choice: TriggerChoice;
  verb: TriggerAction['do'];
  which: string;
  onClose: () => void;
  onDone: () => void;
}

/** The same done to many triggers: which it would change is shown first. */
export function BulkTriggersDialog({ choice, verb, which, onClose, onDone }: BulkTriggersDialogProps) {
  const { preview, change } = useBulk({
    key: 'triggers',
    one: 'trigger',
    many: 'triggers',
    body: { choice, action: { do: verb } },
    call: (body) => api.call(changeTriggers, { body }),
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
      <BulkPreview preview={preview.data} error={preview.error} many="triggers" />
    </FormDialog>
  );
}
