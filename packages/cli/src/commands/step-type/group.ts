import { group } from '../../command.ts';
import { stepTypeList } from './list.ts';
import { stepTypeShow } from './show.ts';

export function stepType() {
  return group('step-type', { summary: 'See what steps there are and how to configure them' }).addCommand(stepTypeList()).addCommand(stepTypeShow());
}
