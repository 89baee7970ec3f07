import * as routes from '@tidewheel/contract/routes/separations';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { createSeparation, listSeparations, listViolations, removeSeparation } from './separations.service.ts';

export function separationEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [
    endpoint(routes.listSeparations, async ({ actor }) => listSeparations(db, actor)),
    endpoint(routes.createSeparation, async ({ actor, body }) => createSeparation(db, actor, body)),
    endpoint(routes.removeSeparation, async ({ actor, params }) => removeSeparation(db, actor, params.id)),
    endpoint(routes.listViolations, async ({ actor }) => listViolations(db, actor)),
  ];
}
