import { group } from '../../command.ts';
import { userDelete } from './delete.ts';
import { userEdit } from './edit.ts';
import { userEndSessions } from './end-sessions.ts';
import { userInvitations } from './invitations.ts';
import { userInvite } from './invite.ts';
import { userList } from './list.ts';
import { userResetPassword } from './reset-password.ts';
import { userResetSecondFactor } from './reset-second-factor.ts';
import { userRevokeToken } from './revoke-token.ts';
import { userShow } from './show.ts';
import { userRestore, userSuspend } from './suspend.ts';
import { userUninvite } from './uninvite.ts';

export function user() {
  return group('user', { summary: 'List and invite people, set their roles, help who is locked out' })
    .addCommand(userList())
    .addCommand(userShow())
    .addCommand(userInvite())
    .addCommand(userInvitations())
    .addCommand(userUninvite())
    .addCommand(userEdit())
    .addCommand(userSuspend())
    .addCommand(userRestore())
    .addCommand(userDelete())
    .addCommand(userResetPassword())
    .addCommand(userEndSessions())
    .addCommand(userRevokeToken())
    .addCommand(userResetSecondFactor());
}
