import * as routes from '@tidewheel/contract/routes/users';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { askEmailChange, confirmEmailChange, updateProfile } from './profile.service.ts';
import * as users from './user-admin.service.ts';

export function userEndpoints(deps: IdentityDeps): Endpoint[] {
  const { db } = deps;
  return [
    endpoint(routes.showUser, async ({ actor, params }) => users.showUser(db, actor, params.id)),
    endpoint(routes.renameUser, async ({ actor, params, body }) => users.renameUser(db, actor, { ...params, ...body })),
    endpoint(routes.suspendUser, async ({ actor, params }) => users.suspendUser(db, actor, params.id)),
    endpoint(routes.restoreUser, async ({ actor, params }) => users.restoreUser(db, actor, params.id)),
    endpoint(routes.deleteUser, async ({ actor, params }) => users.deleteUser(db, actor, params.id)),
    endpoint(routes.listUserSessions, async ({ actor, params }) => users.listUserSessions(db, actor, params.id)),
    endpoint(routes.endUserSession, async ({ actor, params }) => users.endUserSession(db, actor, params)),
    endpoint(routes.listUserTokens, async ({ actor, params }) => users.listUserTokens(db, actor, params.id)),
    endpoint(routes.revokeUserToken, async ({ actor, params }) => users.revokeUserToken(db, actor, params)),
    endpoint(routes.updateProfile, async ({ actor, body }) => updateProfile(db, actor, body.name)),
    endpoint(routes.askEmailChange, async ({ actor, body, call }) => askEmailChange(deps, actor, { ...body, call })),
    endpoint(routes.confirmEmailChange, async ({ params, call }) => confirmEmailChange(deps, params.token, call)),
  ];
}
