import { group } from '../../command.ts';
import { grantAdd } from './add.ts';
import { grantList } from './list.ts';
import { grantRevoke } from './revoke.ts';

export function grant() {
  return group('grant', { summary: 'Give members more for a time, or share one object' })
    .addCommand(grantList())
    .addCommand(grantAdd())
    .addCommand(grantRevoke());
}
