import { group } from '../../command.ts';
import { delegationAdd } from './add.ts';
import { delegationEnd } from './end.ts';
import { delegationList } from './list.ts';

export function delegation() {
  return group('delegation', { summary: 'Lend your rights while you are away' })
    .addCommand(delegationList())
    .addCommand(delegationAdd())
    .addCommand(delegationEnd());
}
