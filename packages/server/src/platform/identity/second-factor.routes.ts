import * as routes from '@tidewheel/contract/routes/second-factor';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { mailCode, switchEmailCode } from './email-code.service.ts';
import type { IdentityDeps } from './identity-deps.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
  roleRequires,
  showSecondFactor,
} from './second-factor.service.ts';

export function secondFactorEndpoints(deps: IdentityDeps): Endpoint[] {
  return [
    endpoint(routes.showSecondFactor, async ({ actor, call }) => showSecondFactor(deps, actor, call)),
    endpoint(routes.beginSecondFactor, async ({ actor, body, call }) => beginSecondFactor(deps, actor, { ...body, call })),
    endpoint(routes.confirmSecondFactor, async ({ actor, body }) => confirmSecondFactor(deps, actor, body)),
    endpoint(routes.renewRecoveryCodes, async ({ actor, body, call }) => renewRecoveryCodes(deps, actor, { ...body, call })),
    endpoint(routes.removeSecondFactor, async ({ actor, body, call }) => removeSecondFactor(deps, actor, { ...body, call })),
    endpoint(routes.switchEmailCode, async ({ actor, body, call }) =>
      switchEmailCode(deps, actor, { ...body, call, required: await roleRequires(deps, actor) }),
    ),
    endpoint(routes.resetSecondFactor, async ({ actor, params }) => resetSecondFactor(deps, actor, params.id)),
    endpoint(routes.mailCode, async ({ call }) => mailCode(deps, call)),
  ];
}
