import { group } from '../../command.ts';
import { credentialArchive } from './archive.ts';
import { credentialCreate } from './create.ts';
import { credentialList } from './list.ts';
import { credentialRestore } from './restore.ts';
import { credentialRotate } from './rotate.ts';
import { credentialShow } from './show.ts';
import { credentialTest } from './test.ts';
import { credentialTypesCommand } from './types.ts';
import { credentialUpdate } from './update.ts';
import { credentialUsage } from './usage.ts';

export function credential() {
  const commands = group('credential', { summary: 'Manage credentials: rotate and test them, see where they are used' });
  for (const child of [
    credentialList(),
    credentialShow(),
    credentialTypesCommand(),
    credentialCreate(),
    credentialUpdate(),
    credentialRotate(),
    credentialRestore(),
    credentialTest(),
    credentialUsage(),
    credentialArchive(),
  ])
    commands.addCommand(child);
  return commands;
}
