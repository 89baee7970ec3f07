import * as routes from '@tidewheel/contract/routes/passkeys';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { beginPasskeySignIn, signInWithPasskey } from './passkey-sign-in.service.ts';
import { addPasskey, beginPasskey, listPasskeys, removePasskey, renamePasskey } from './passkeys.service.ts';

export function passkeyEndpoints(deps: IdentityDeps): Endpoint[] {
  return [
    endpoint(routes.listPasskeys, async ({ actor, call }) => listPasskeys(deps, actor, call)),
    endpoint(routes.beginPasskey, async ({ actor, body, call }) => beginPasskey(deps, actor, { ...body, call })),
    endpoint(routes.addPasskey, async ({ actor, body, call }) => addPasskey(deps, actor, { ...body, call })),
    endpoint(routes.renamePasskey, async ({ actor, params, body, call }) => renamePasskey(deps, actor, { id: params.id, title: body.title, call })),
    endpoint(routes.removePasskey, async ({ actor, params, body, call }) => removePasskey(deps, actor, { ...body, id: params.id, call })),
    endpoint(routes.beginPasskeySignIn, async ({ body, call }) => beginPasskeySignIn(deps, { secondFactor: body.secondFactor, call })),
    endpoint(routes.passkeySignIn, async ({ body, call }) => signInWithPasskey(deps, body.credential, call)),
  ];
}
