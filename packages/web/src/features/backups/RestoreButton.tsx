import { useMutation, useQueryClient } from '@tanstack/react-query';
import { restoreBackup } from '@tidewheel/client/routes';
import type { Backup, BackupDifference } from '@tidewheel/contract/backup';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { announce } from '../../shared/notify.ts';

interface RestoreProps {
  backup: Backup;
  body: { passphrase?: string };
  difference: BackupDifference;
  onDone: () => void;
}

/** Behind a confirmation that says what it will do, which only a comparison knows. */
export function RestoreButton({ backup, body, difference: { tables, files }, onDone }: RestoreProps) {
  const queries = useQueryClient();
  const sum = (of: 'added' | 'changed' | 'kept' | 'spent') => tables.reduce((total, table) => total + table[of], 0);
  const [added, changed, kept, spent] = [sum('added'), sum('changed'), sum('kept'), sum('spent')];
  const restore = useMutation({
    mutationFn: () => api.call(restoreBackup, { params: { backup: backup.number }, body }),
    onSuccess: async ({ before }) => {
      // Anything may be shown anywhere.
      await queries.invalidateQueries();
      onDone();
      announce(`Backup ${backup.number} was restored. What was there before is backup ${before}.`);
    },
  });
  if (added + changed + files.missing === 0) return null;
  const ask = {
    title: `Restore backup ${backup.number}?`,
    text: `${added} rows come back, ${changed} rows become what they were, ${files.missing} files come back. ${kept} rows that came later stay.${spent > 0 ? ` ${spent} rows of the buffer that were processed since stay away.` : ''} First a backup of what is there now is made; then all of it is written, or nothing.`,
    confirm: 'Restore',
    isDanger: true,
  };
  return (
    <div>
      <ConfirmButton color="red" variant="filled" size="xs" ask={ask} mutation={restore}>
        Restore
      </ConfirmButton>
    </div>
  );
}
