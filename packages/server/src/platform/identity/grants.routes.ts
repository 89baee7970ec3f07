import * as routes from '@tidewheel/contract/routes/access';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { createGrant, listGrants, listObjectAccess, revokeGrant } from './grants.service.ts';
import type { IdentityDeps } from './identity-deps.ts';

export function grantEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [
    endpoint(routes.listGrants, async ({ actor, query }) => listGrants(db, actor, query)),
    endpoint(routes.createGrant, async ({ actor, body }) => createGrant(db, actor, body)),
    endpoint(routes.revokeGrant, async ({ actor, params }) => revokeGrant(db, actor, params.id)),
    endpoint(routes.listObjectAccess, async ({ actor, query }) => listObjectAccess(db, actor, query)),
  ];
}
