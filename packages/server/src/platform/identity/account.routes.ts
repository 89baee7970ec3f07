import * as routes from '@tidewheel/contract/routes/sign-in';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { relyingParty } from './passkey-site.ts';
import { changeMyPassword, forgotPassword, resetPassword, sendPasswordReset, showAccountLink } from './passwords.service.ts';
import { askVerification, register, verifyEmail } from './registration.service.ts';
import { describeEntry, revokeAllSessions, revokeMySessions, revokeUserSessions, showRules, updateRules } from './sessions.service.ts';

export function accountEndpoints(deps: IdentityDeps): Endpoint[] {
  const { db } = deps;
  return [
    endpoint(routes.showEntry, async ({ call }) => ({ ...(await describeEntry(deps)), passkeyOrigin: relyingParty(call.origin)?.origin ?? null })),
    endpoint(routes.showSignInRules, async ({ actor }) => showRules(db, actor)),
    endpoint(routes.updateSignInRules, async ({ actor, body }) => updateRules(db, actor, body)),
    endpoint(routes.changePassword, async ({ actor, body, call }) => changeMyPassword(deps, actor, { ...body, call })),
    endpoint(routes.forgotPassword, async ({ body, call }) => forgotPassword(deps, { email: body.email, call })),
    endpoint(routes.showAccountLink, async ({ params }) => {
      const { purpose, email, newEmail, expiresAt } = await showAccountLink(db, params.token);
      return { purpose, email: newEmail ?? email, expiresAt: expiresAt.toISOString() };
    }),
    endpoint(routes.resetPassword, async ({ params, body, call }) => resetPassword(deps, { token: params.token, password: body.password, call })),
    endpoint(routes.verifyEmail, async ({ params }) => verifyEmail(deps, params.token)),
    endpoint(routes.askVerification, async ({ actor, call }) => askVerification(deps, actor, call)),
    endpoint(routes.register, async ({ body, call }) => register(deps, { email: body.email, call })),
    endpoint(routes.sendPasswordReset, async ({ actor, params, call }) => sendPasswordReset(deps, actor, { id: params.id, origin: call.origin })),
    endpoint(routes.revokeMySessions, async ({ actor }) => revokeMySessions(db, actor)),
    endpoint(routes.revokeUserSessions, async ({ actor, params }) => revokeUserSessions(db, actor, params.id)),
    endpoint(routes.revokeAllSessions, async ({ actor }) => revokeAllSessions(db, actor)),
  ];
}
