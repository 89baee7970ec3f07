import { group } from '../../command.ts';
import { accessMatrix } from './matrix.ts';
import { accessWho } from './who.ts';
import { accessWhy } from './why.ts';

export function access() {
  return group('access', { summary: 'Explain who may do what, and why' }).addCommand(accessWhy()).addCommand(accessWho()).addCommand(accessMatrix());
}
