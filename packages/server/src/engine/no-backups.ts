// An installation that makes no backups.
import { NotFound } from '@tidewheel/contract/errors';
import type { BackupPort } from './ports.ts';

export const noBackups: BackupPort = {
  desk: () => ({
    make: async () => {
      throw new NotFound('backup.none', 'No backups are made here.', {});
    },
  }),
};
