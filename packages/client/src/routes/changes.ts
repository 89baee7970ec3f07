// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listChangeModules: RouteRef<typeof import('@tidewheel/contract/routes/changes').listChangeModules> = { name: 'change.modules', method: 'GET', path: '/api/change-modules' };
export const listChanges: RouteRef<typeof import('@tidewheel/contract/routes/changes').listChanges> = { name: 'change.list', method: 'GET', path: '/api/changes' };
export const revertChange: RouteRef<typeof import('@tidewheel/contract/routes/changes').revertChange> = { name: 'change.revert', method: 'POST', path: '/api/changes/{id}/revert' };
export const showChange: RouteRef<typeof import('@tidewheel/contract/routes/changes').showChange> = { name: 'change.show', method: 'GET', path: '/api/changes/{id}' };
