import { Text } from '@mantine/core';
import { changeSchedules } from '@tidewheel/client/routes';
import type { ScheduleAction, ScheduleChoice } from '@tidewheel/contract/routes/schedules';
import { api } from '../../shared/api.ts';
import { BulkPreview } from '../../shared/bulk/BulkPreview.tsx';
import { useBulk } from '../../shared/bulk/use-bulk.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { verbTitles, verbWords } from './schedule-verbs.ts';

interface BulkSchedulesDialogProps {
  choice: ScheduleChoice;
  verb: ScheduleAction['do'];
  which: string;
  onClose: () => void;
  onDone: () => void;
}

/** The same done to many schedules: which it would change is shown first. */
export function BulkSchedulesDialog({ choice, verb, which, onClose, onDone }: BulkSchedulesDialogProps) {
  const { preview, change } = useBulk({
    key: 'schedules',
    one: 'schedule',
    many: 'schedules',
    body: { choice, action: { do: verb } },
    call: (body) => api.call(changeSchedules, { body }),
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
      <BulkPreview preview={preview.data} error={preview.error} many="schedules" />
    </FormDialog>
  );
}
