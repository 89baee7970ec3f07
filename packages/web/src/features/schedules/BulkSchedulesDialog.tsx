import { changeSchedules } from '@tidewheel/client/routes';
import type { ScheduleAction, ScheduleChoice } from '@tidewheel/contract/routes/schedules';
import { api } from '../../shared/api.ts';
import { BulkVerbDialog } from '../../shared/bulk/BulkVerbDialog.tsx';
import { verbTitles, verbWords } from './schedule-verbs.ts';

interface BulkSchedulesDialogProps {
  choice: ScheduleChoice;
  verb: ScheduleAction['do'];
  which: string;
  onClose: () => void;
  onDone: () => void;
}

export function BulkSchedulesDialog({ choice, verb, ...dialog }: BulkSchedulesDialogProps) {
  return (
    <BulkVerbDialog
      {...dialog}
      area="schedules"
      one="schedule"
      many="schedules"
      title={verbTitles[verb]}
      words={verbWords[verb]}
      isDanger={verb === 'archive'}
      body={{ choice, action: { do: verb } }}
      call={(body) => api.call(changeSchedules, { body })}
    />
  );
}
