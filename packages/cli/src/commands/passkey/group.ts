import { group } from '../../command.ts';
import { passkeyList } from './list.ts';
import { passkeyRemove } from './remove.ts';
import { passkeyRename } from './rename.ts';

export function passkey() {
  return group('passkey', { summary: 'List, rename and remove your passkeys; they are made in a browser, on the profile page' })
    .addCommand(passkeyList())
    .addCommand(passkeyRename())
    .addCommand(passkeyRemove());
}
