import { group } from '../../command.ts';
import { userInvite } from './invite.ts';
import { userList } from './list.ts';

export function user() {
  return group('user', { summary: 'List and invite people' }).addCommand(userList()).addCommand(userInvite());
}
