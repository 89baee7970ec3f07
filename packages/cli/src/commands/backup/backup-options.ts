// What the commands on one backup share: its number, its passphrase, and waiting until it is there.
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { showBackup } from '@tidewheel/client/routes';
import type { Backup } from '@tidewheel/contract/backup';
import { Conflict } from '@tidewheel/contract/errors';
import type { Context } from '../../context.ts';
import { readSecret } from '../../input.ts';

export const passphraseFlag = '--passphrase <source>';
export const passphraseHelp = '@path of a file that holds the passphrase, or - to read it from stdin';

export function backupNumber(text: string): number {
  if (!/^#?[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a backup, as `backup list` shows it.');
  return Number(text.replace('#', ''));
}

export async function passphraseOf({ passphrase }: { passphrase?: string | undefined }): Promise<{ passphrase?: string }> {
  return passphrase === undefined ? {} : { passphrase: await readSecret(passphrase, 'The passphrase') };
}

/** @throws Conflict `backup.failed` with what went wrong */
export async function untilReady(context: Context, begun: Backup): Promise<Backup> {
  const client = await context.client();
  for (let backup = begun; ; backup = await client.call(showBackup, { params: { backup: begun.number } }, { signal: context.interrupted })) {
    if (backup.state === 'ready') return backup;
    if (backup.state === 'failed')
      throw new Conflict('backup.failed', `Backup ${backup.number} could not be made: ${backup.error?.message ?? ''}`, {
        hint: backup.error?.hint ?? 'Delete it and make another one.',
      });
    await pause(300, undefined, { signal: context.interrupted });
  }
}
