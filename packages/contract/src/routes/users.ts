// One user: what administrators see and do beyond the list, and what people change of their own profile. Lists and roles are in identity.ts.
import { z } from 'zod';
import { Id } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { ApiToken, Me, Session, User } from './identity.ts';

const One = z.object({ id: Id });
const Name = z.string().trim().min(1).max(200);

export const UserDetails = User.extend({
  emailVerified: z.boolean(),
  elsewhere: z.boolean().describe('Also a member of another workspace: only administrators of the main workspace may change the account itself'),
}).meta({ id: 'UserDetails' });
export type UserDetails = z.infer<typeof UserDetails>;

export const showUser = defineRoute({
  name: 'user.show',
  method: 'GET',
  path: '/api/users/{id}',
  tag: 'Users',
  access: 'user.read',
  summary: 'Show one user of this workspace',
  params: One,
  response: UserDetails,
});
export const renameUser = defineRoute({
  name: 'user.rename',
  method: 'PATCH',
  path: '/api/users/{id}/profile',
  tag: 'Users',
  access: 'user.edit',
  summary: "Change a user's name",
  params: One,
  body: z.object({ name: Name }),
  response: UserDetails,
});
export const suspendUser = defineRoute({
  name: 'user.suspend',
  method: 'POST',
  path: '/api/users/{id}/suspension',
  tag: 'Users',
  access: 'user.edit',
  summary: 'Shut a user out of this workspace until restored: sessions end, API tokens do not work',
  description: 'What the user lent to others ends for good. Neither the last administrator nor yourself can be suspended.',
  params: One,
  response: UserDetails,
});
export const restoreUser = defineRoute({
  name: 'user.restore',
  method: 'DELETE',
  path: '/api/users/{id}/suspension',
  tag: 'Users',
  access: 'user.edit',
  summary: 'Let a suspended user in again',
  params: One,
  response: UserDetails,
});
export const deleteUser = defineRoute({
  name: 'user.delete',
  method: 'DELETE',
  path: '/api/users/{id}',
  tag: 'Users',
  access: 'user.edit',
  summary: 'Remove a user from this workspace; who is in no other is erased',
  description:
    'Sessions, API tokens, grants and delegations go; of who is in no other workspace also the account with its password and factors. Audit entries stay and keep the e-mail address. Neither the last administrator nor yourself can be deleted.',
  params: One,
  response: z.object({ erased: z.boolean().describe('Whether the account is gone too') }),
});
export const listUserSessions = defineRoute({
  name: 'user.sessions',
  method: 'GET',
  path: '/api/users/{id}/sessions',
  tag: 'Users',
  access: 'user.edit',
  summary: "List a user's sessions",
  params: One,
  response: z.array(Session),
});
export const endUserSession = defineRoute({
  name: 'user.endSession',
  method: 'DELETE',
  path: '/api/users/{id}/sessions/{session}',
  tag: 'Users',
  access: 'user.edit',
  summary: "End one of a user's sessions",
  params: One.extend({ session: Id }),
  response: z.object({ ended: z.literal(true) }),
});
export const listUserTokens = defineRoute({
  name: 'user.tokens',
  method: 'GET',
  path: '/api/users/{id}/tokens',
  tag: 'Users',
  access: 'user.edit',
  summary: "List a user's API tokens in this workspace",
  params: One,
  response: z.array(ApiToken),
});
export const revokeUserToken = defineRoute({
  name: 'user.revokeToken',
  method: 'DELETE',
  path: '/api/users/{id}/tokens/{token}',
  tag: 'Users',
  access: 'user.edit',
  summary: "Revoke one of a user's API tokens",
  params: One.extend({ token: Id }),
  response: z.object({ revoked: z.literal(true) }),
});

export const updateProfile = defineRoute({
  name: 'profile.update',
  method: 'PATCH',
  path: '/api/auth/me',
  tag: 'Profile',
  access: 'signedIn',
  summary: 'Change my name',
  body: z.object({ name: Name }),
  response: Me,
});
export const askEmailChange = defineRoute({
  name: 'profile.askEmailChange',
  method: 'POST',
  path: '/api/auth/me/email',
  tag: 'Profile',
  access: 'signedIn',
  status: 202,
  summary: 'Ask for another e-mail address; it counts once the link that is mailed to it was used',
  description: 'Answers alike whether the address has an account already; its owner then learns it by mail.',
  body: z.object({ email: z.email().max(254), password: z.string().min(1).max(128) }),
  response: z.object({ accepted: z.literal(true) }),
});
export const confirmEmailChange = defineRoute({
  name: 'profile.confirmEmailChange',
  method: 'POST',
  path: '/api/auth/account-links/{token}/email',
  tag: 'Profile',
  access: 'open',
  summary: 'Take the new e-mail address with the link that was mailed to it; the old address is told',
  params: z.object({ token: z.string().min(20).max(100) }),
  response: z.object({ email: z.string() }),
});
