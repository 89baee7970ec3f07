import * as routes from '@tidewheel/contract/routes/second-factor';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
  showSecondFactor,
} from './second-factor.service.ts';

export function secondFactorEndpoints(deps: IdentityDeps): Endpoint[] {
  return [
    endpoint(routes.showSecondFactor, async ({ actor }) => showSecondFactor(deps, actor)),
    endpoint(routes.beginSecondFactor, async ({ actor, body, call }) => beginSecondFactor(deps, actor, { ...body, call })),
    endpoint(routes.confirmSecondFactor, async ({ actor, body }) => confirmSecondFactor(deps, actor, body)),
    endpoint(routes.renewRecoveryCodes, async ({ actor, body, call }) => renewRecoveryCodes(deps, actor, { ...body, call })),
    endpoint(routes.removeSecondFactor, async ({ actor, body, call }) => removeSecondFactor(deps, actor, { ...body, call })),
    endpoint(routes.resetSecondFactor, async ({ actor, params }) => resetSecondFactor(deps, actor, params.id)),
  ];
}
