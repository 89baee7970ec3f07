// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').archiveTarget> = { name: 'target.archive', method: 'DELETE', path: '/api/targets/{target}' };
export const createTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').createTarget> = { name: 'target.create', method: 'POST', path: '/api/targets' };
export const endMaintenance: RouteRef<typeof import('@tidewheel/contract/routes/targets').endMaintenance> = { name: 'target.endMaintenance', method: 'DELETE', path: '/api/targets/{target}/maintenance' };
export const gatherTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').gatherTarget> = { name: 'target.gather', method: 'POST', path: '/api/targets/{target}/gather' };
export const listTargetRuns: RouteRef<typeof import('@tidewheel/contract/routes/targets').listTargetRuns> = { name: 'target.runs', method: 'GET', path: '/api/targets/{target}/runs' };
export const listTargets: RouteRef<typeof import('@tidewheel/contract/routes/targets').listTargets> = { name: 'target.list', method: 'GET', path: '/api/targets' };
export const listTransports: RouteRef<typeof import('@tidewheel/contract/routes/targets').listTransports> = { name: 'transport.list', method: 'GET', path: '/api/transports' };
export const restoreTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').restoreTarget> = { name: 'target.restore', method: 'POST', path: '/api/targets/{target}/restore' };
export const showTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').showTarget> = { name: 'target.show', method: 'GET', path: '/api/targets/{target}' };
export const startMaintenance: RouteRef<typeof import('@tidewheel/contract/routes/targets').startMaintenance> = { name: 'target.startMaintenance', method: 'PUT', path: '/api/targets/{target}/maintenance' };
export const summarizeTargets: RouteRef<typeof import('@tidewheel/contract/routes/targets').summarizeTargets> = { name: 'target.summary', method: 'GET', path: '/api/target-summary' };
export const testTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').testTarget> = { name: 'target.test', method: 'POST', path: '/api/targets/{target}/test' };
export const tryTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').tryTarget> = { name: 'target.try', method: 'POST', path: '/api/target-tries' };
export const updateTarget: RouteRef<typeof import('@tidewheel/contract/routes/targets').updateTarget> = { name: 'target.update', method: 'PATCH', path: '/api/targets/{target}' };
