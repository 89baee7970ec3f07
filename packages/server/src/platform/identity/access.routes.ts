// Everything about who may do what.
import type { Endpoint } from '../../base/endpoint.ts';
import { delegationEndpoints } from './delegations.routes.ts';
import { grantEndpoints } from './grants.routes.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { roleEndpoints } from './roles.routes.ts';
import { separationEndpoints } from './separations.routes.ts';
import { whyEndpoints } from './why.routes.ts';

export function accessEndpoints(deps: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [roleEndpoints, grantEndpoints, delegationEndpoints, separationEndpoints, whyEndpoints].flatMap((endpointsOf) => endpointsOf(deps));
}
