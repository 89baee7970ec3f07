// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const changeTargets: RouteRef<typeof import('@tidewheel/contract/routes/target-operations').changeTargets> = { name: 'target.bulk', method: 'POST', path: '/api/target-bulk' };
export const exportTargets: RouteRef<typeof import('@tidewheel/contract/routes/target-operations').exportTargets> = { name: 'target.export', method: 'GET', path: '/api/target-export', responseType: 'application/octet-stream' };
export const importTargets: RouteRef<typeof import('@tidewheel/contract/routes/target-operations').importTargets> = { name: 'target.import', method: 'POST', path: '/api/target-imports' };
export const testTargets: RouteRef<typeof import('@tidewheel/contract/routes/target-operations').testTargets> = { name: 'target.testMany', method: 'POST', path: '/api/target-tests', responseType: 'text/event-stream' };
