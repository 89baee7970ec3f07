// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const applyFlow: RouteRef<typeof import('@tidewheel/contract/routes/flows').applyFlow> = { name: 'flow.apply', method: 'POST', path: '/api/flows' };
export const archiveFlow: RouteRef<typeof import('@tidewheel/contract/routes/flows').archiveFlow> = { name: 'flow.archive', method: 'DELETE', path: '/api/flows/{slug}' };
export const listFlows: RouteRef<typeof import('@tidewheel/contract/routes/flows').listFlows> = { name: 'flow.list', method: 'GET', path: '/api/flows' };
export const listStepTypes: RouteRef<typeof import('@tidewheel/contract/routes/flows').listStepTypes> = { name: 'stepType.list', method: 'GET', path: '/api/step-types' };
export const listVersions: RouteRef<typeof import('@tidewheel/contract/routes/flows').listVersions> = { name: 'flow.versions', method: 'GET', path: '/api/flows/{slug}/versions' };
export const restoreFlow: RouteRef<typeof import('@tidewheel/contract/routes/flows').restoreFlow> = { name: 'flow.restore', method: 'POST', path: '/api/flows/{slug}/restore' };
export const showFlow: RouteRef<typeof import('@tidewheel/contract/routes/flows').showFlow> = { name: 'flow.show', method: 'GET', path: '/api/flows/{slug}' };
export const validateFlow: RouteRef<typeof import('@tidewheel/contract/routes/flows').validateFlow> = { name: 'flow.validate', method: 'POST', path: '/api/flows/validate' };
