// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const callBack: RouteRef<typeof import('@tidewheel/contract/routes/signals').callBack> = { name: 'run.callback', method: 'POST', path: '/api/callbacks/{token}/{name}' };
export const sendSignal: RouteRef<typeof import('@tidewheel/contract/routes/signals').sendSignal> = { name: 'run.signal', method: 'POST', path: '/api/runs/{id}/signals/{name}' };
export const showCallback: RouteRef<typeof import('@tidewheel/contract/routes/signals').showCallback> = { name: 'run.callbackAddress', method: 'GET', path: '/api/runs/{id}/callbacks/{name}' };
