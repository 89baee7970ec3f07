import * as routes from '@tidewheel/contract/routes/signals';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { callBack, type SignalDeps, sendSignal, showCallback } from './signals.service.ts';

export function signalEndpoints(deps: SignalDeps): Endpoint[] {
  return [
    endpoint(routes.sendSignal, ({ actor, params, body }) => sendSignal(deps, actor, { run: params.id, name: params.name, data: body })),
    endpoint(routes.showCallback, ({ actor, params }) => showCallback(deps, actor, { run: params.id, name: params.name })),
    endpoint(routes.callBack, async ({ params, body, call }) => {
      await callBack(deps, { ...params, data: body, via: { requestId: call.requestId, address: call.address } });
      return { received: true as const };
    }),
  ];
}
