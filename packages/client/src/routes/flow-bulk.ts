// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const changeFlows: RouteRef<typeof import('@tidewheel/contract/routes/flow-bulk').changeFlows> = { name: 'flow.bulk', method: 'POST', path: '/api/flow-bulk' };
