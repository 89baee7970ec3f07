import * as routes from '@tidewheel/contract/routes/tokens';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { revokeEverything } from './sessions.service.ts';
import { allowTerminal, enterTerminal } from './terminal-sign-in.service.ts';
import { logIn, refreshTokens, verifyPresented } from './token-pair.service.ts';

export function tokenEndpoints(deps: IdentityDeps): Endpoint[] {
  return [
    endpoint(routes.logIn, async ({ body, call }) => logIn(deps, body, call)),
    endpoint(routes.refreshTokens, async ({ body, call }) => refreshTokens(deps, body.refreshToken, call)),
    endpoint(routes.allowTerminal, async ({ actor, body }) => allowTerminal(deps.db, actor, body)),
    endpoint(routes.enterTerminal, async ({ body, call }) => enterTerminal(deps, body, call)),
    endpoint(routes.verifyToken, async ({ call }) => verifyPresented(deps, call)),
    endpoint(routes.revokeEverything, async ({ actor, body, call }) => revokeEverything(deps.db, actor, { ...body, call })),
  ];
}
