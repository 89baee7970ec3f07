import { group } from '../../command.ts';
import { roleCreate } from './create.ts';
import { roleDelete } from './delete.ts';
import { roleList } from './list.ts';
import { roleReset } from './reset.ts';
import { roleShow } from './show.ts';
import { roleUpdate } from './update.ts';

export function role() {
  return group('role', { summary: 'See and change what roles may do' })
    .addCommand(roleList())
    .addCommand(roleShow())
    .addCommand(roleCreate())
    .addCommand(roleUpdate())
    .addCommand(roleReset())
    .addCommand(roleDelete());
}
