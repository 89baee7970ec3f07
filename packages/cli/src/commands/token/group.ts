import { group } from '../../command.ts';
import { tokenCreate } from './create.ts';
import { tokenList } from './list.ts';
import { tokenRevoke } from './revoke.ts';

export function token() {
  return group('token', { summary: 'Manage your API tokens' }).addCommand(tokenCreate()).addCommand(tokenList()).addCommand(tokenRevoke());
}
