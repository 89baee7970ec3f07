import { group } from '../../command.ts';
import { separationAdd } from './add.ts';
import { separationList } from './list.ts';
import { separationRemove } from './remove.ts';
import { separationViolations } from './violations.ts';

export function separation() {
  return group('separation', { summary: 'Keep duties apart: which permissions nobody may hold together' })
    .addCommand(separationList())
    .addCommand(separationAdd())
    .addCommand(separationRemove())
    .addCommand(separationViolations());
}
