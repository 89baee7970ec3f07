import { group } from '../../command.ts';
import { rulesSet } from './set.ts';
import { rulesShow } from './show.ts';

export function signInRules() {
  return group('sign-in-rules', { summary: 'Show and set the rules of passwords and sessions' }).addCommand(rulesShow()).addCommand(rulesSet());
}
