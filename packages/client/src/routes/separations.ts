// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const createSeparation: RouteRef<typeof import('@tidewheel/contract/routes/separations').createSeparation> = { name: 'separation.create', method: 'POST', path: '/api/separations' };
export const listSeparations: RouteRef<typeof import('@tidewheel/contract/routes/separations').listSeparations> = { name: 'separation.list', method: 'GET', path: '/api/separations' };
export const listViolations: RouteRef<typeof import('@tidewheel/contract/routes/separations').listViolations> = { name: 'separation.violations', method: 'GET', path: '/api/separations/violations' };
export const removeSeparation: RouteRef<typeof import('@tidewheel/contract/routes/separations').removeSeparation> = { name: 'separation.remove', method: 'DELETE', path: '/api/separations/{id}' };
