import { group } from '../../command.ts';
import { userEndSessions } from './end-sessions.ts';
import { userInvite } from './invite.ts';
import { userList } from './list.ts';
import { userResetPassword } from './reset-password.ts';
import { userResetSecondFactor } from './reset-second-factor.ts';

export function user() {
  return group('user', { summary: 'List and invite people, help who is locked out' })
    .addCommand(userList())
    .addCommand(userInvite())
    .addCommand(userResetPassword())
    .addCommand(userEndSessions())
    .addCommand(userResetSecondFactor());
}
