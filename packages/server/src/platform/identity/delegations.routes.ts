import * as routes from '@tidewheel/contract/routes/access';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { createDelegation, endDelegation, listDelegations } from './delegations.service.ts';
import type { IdentityDeps } from './identity-deps.ts';

export function delegationEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [
    endpoint(routes.listDelegations, async ({ actor, query }) => listDelegations(db, actor, query)),
    endpoint(routes.createDelegation, async ({ actor, body }) => createDelegation(db, actor, body)),
    endpoint(routes.endDelegation, async ({ actor, params }) => endDelegation(db, actor, params.id)),
  ];
}
