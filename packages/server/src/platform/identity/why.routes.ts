import * as routes from '@tidewheel/contract/routes/access';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { explainAccess } from './why.service.ts';

export function whyEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [endpoint(routes.explainAccess, async ({ actor, query }) => explainAccess(db, actor, query))];
}
