import { changeTriggers } from '@tidewheel/client/routes';
import type { TriggerAction, TriggerChoice } from '@tidewheel/contract/routes/triggers';
import { api } from '../../shared/api.ts';
import { BulkVerbDialog } from '../../shared/bulk/BulkVerbDialog.tsx';
import { verbTitles, verbWords } from './trigger-verbs.ts';

interface BulkTriggersDialogProps {
  choice: TriggerChoice;
  verb: TriggerAction['do'];
  which: string;
  onClose: () => void;
  onDone: () => void;
}

export function BulkTriggersDialog({ choice, verb, ...dialog }: BulkTriggersDialogProps) {
  return (
    <BulkVerbDialog
      {...dialog}
      area="triggers"
      one="trigger"
      many="triggers"
      title={verbTitles[verb]}
      words={verbWords[verb]}
      isDanger={verb === 'archive'}
      body={{ choice, action: { do: verb } }}
      call={(body) => api.call(changeTriggers, { body })}
    />
  );
}
