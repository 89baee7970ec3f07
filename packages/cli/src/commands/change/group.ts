import { group } from '../../command.ts';
import { changeList } from './list.ts';
import { changeRevert } from './revert.ts';
import { changeShow } from './show.ts';

export function change() {
  return group('change', { summary: 'See what was changed, and take it back' }).addCommand(changeList()).addCommand(changeShow()).addCommand(changeRevert());
}
