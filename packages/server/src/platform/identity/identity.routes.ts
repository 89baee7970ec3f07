import * as routes from '@tidewheel/contract/routes/identity';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { accessEndpoints } from './access.routes.ts';
import { accountEndpoints } from './account.routes.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { acceptLink, inviteUser, listInvitations, revokeInvitation, showLink } from './links.service.ts';
import { passkeyEndpoints } from './passkeys.routes.ts';
import { secondFactorEndpoints } from './second-factor.routes.ts';
import { serviceAccountEndpoints } from './service-accounts.routes.ts';
import { userOf } from './session-cookie.ts';
import { createMyToken, describeMe, listMySessions, listMyTokens, revokeMySession, revokeMyToken, signIn, signOut } from './sign-in.service.ts';
import { createOidc } from './sso/oidc-client.ts';
import { ssoEndpoints } from './sso/sso.routes.ts';
import { signOutAddress } from './sso/sso-session.ts';
import { tokenEndpoints } from './token-pair.routes.ts';
import { userEndpoints } from './user-admin.routes.ts';
import { listUsers, setRole } from './users.service.ts';
import { workspaceEndpoints } from './workspaces.routes.ts';

export function identityEndpoints(deps: IdentityDeps): Endpoint[] {
  const { db, accounts } = deps;
  const sso = { ...deps, oidc: createOidc() };
  return [
    ...accessEndpoints(deps),
    ...accountEndpoints(deps),
    ...secondFactorEndpoints(deps),
    ...ssoEndpoints(sso),
    ...passkeyEndpoints(deps),
    ...tokenEndpoints(deps),
    ...workspaceEndpoints(deps),
    ...serviceAccountEndpoints(deps),
    ...userEndpoints(deps),
    endpoint(routes.signIn, async ({ body, call }) => signIn(deps, body, call)),
    endpoint(routes.signOut, async ({ actor, call }) => {
      const continueAt = await signOutAddress(sso, actor, call);
      return { ...(await signOut(db, actor, call)), continueAt };
    }),
    endpoint(routes.whoAmI, async ({ actor }) =>
      describeMe(db, { ...userOf(actor), sessionId: actor.sessionId, ability: actor.isLimited ? actor.ability : undefined }),
    ),
    endpoint(routes.showLink, async ({ params }) => {
      const { purpose, email, role, expiresAt } = await showLink(db, params.token);
      return { purpose, email, role, expiresAt: expiresAt.toISOString() };
    }),
    endpoint(routes.acceptLink, async ({ params, body, call }) => acceptLink({ db, accounts }, params.token, body, call)),
    endpoint(routes.listUsers, async ({ actor }) => listUsers(db, actor)),
    endpoint(routes.setRole, async ({ actor, params, body }) => setRole(db, actor, { id: params.id, role: body.role })),
    endpoint(routes.inviteUser, async ({ actor, body, call }) => inviteUser(deps, actor, { ...body, origin: call.origin })),
    endpoint(routes.listInvitations, async ({ actor }) => listInvitations(db, actor)),
    endpoint(routes.revokeInvitation, async ({ actor, params }) => revokeInvitation(db, actor, params.id)),
    endpoint(routes.listSessions, async ({ actor }) => listMySessions(db, actor)),
    endpoint(routes.revokeSession, async ({ actor, params }) => revokeMySession(db, actor, params.id)),
    endpoint(routes.createToken, async ({ actor, body }) => createMyToken(db, actor, body)),
    endpoint(routes.listTokens, async ({ actor }) => listMyTokens(db, actor)),
    endpoint(routes.revokeToken, async ({ actor, params }) => revokeMyToken(db, actor, params.id)),
  ];
}
