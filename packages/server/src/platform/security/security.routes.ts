import * as routes from '@tidewheel/contract/routes/security';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { checkEgress, type SecurityDeps, showSecurity, updateSecurity } from './security.service.ts';

export function securityEndpoints(deps: SecurityDeps): Endpoint[] {
  return [
    endpoint(routes.showSecuritySettings, async ({ actor }) => showSecurity(deps, actor)),
    endpoint(routes.updateSecuritySettings, async ({ actor, body }) => updateSecurity(deps, actor, body)),
    endpoint(routes.checkEgress, async ({ actor, body, call }) => checkEgress(actor, body, call.signal)),
  ];
}
