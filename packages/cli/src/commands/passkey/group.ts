import { group } from '../../command.ts';
import { passkeyList } from './list.ts';
import { passkeyRemove } from './remove.ts';
import { passkeyRename } from './rename.ts';

export function passkey() {
  return group('passkey', { summary: 'List, rename and remove your passkeys' })
    .addCommand(passkeyList())
    .addCommand(passkeyRename())
    .addCommand(passkeyRemove());
}
