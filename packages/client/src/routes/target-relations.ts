// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listTargetHubs: RouteRef<typeof import('@tidewheel/contract/routes/target-relations').listTargetHubs> = { name: 'target.hubs', method: 'GET', path: '/api/target-relations' };
export const showTargetRelations: RouteRef<typeof import('@tidewheel/contract/routes/target-relations').showTargetRelations> = { name: 'target.relations', method: 'GET', path: '/api/targets/{target}/relations' };
