// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const createServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').createServiceAccount> = { name: 'serviceAccount.create', method: 'POST', path: '/api/service-accounts' };
export const createServiceKey: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').createServiceKey> = { name: 'serviceKey.create', method: 'POST', path: '/api/service-accounts/{slug}/keys' };
export const deleteServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').deleteServiceAccount> = { name: 'serviceAccount.delete', method: 'DELETE', path: '/api/service-accounts/{slug}' };
export const listServiceAccounts: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').listServiceAccounts> = { name: 'serviceAccount.list', method: 'GET', path: '/api/service-accounts' };
export const listServiceKeys: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').listServiceKeys> = { name: 'serviceKey.list', method: 'GET', path: '/api/service-accounts/{slug}/keys' };
export const restoreServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').restoreServiceAccount> = { name: 'serviceAccount.restore', method: 'DELETE', path: '/api/service-accounts/{slug}/suspension' };
export const revokeServiceKey: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').revokeServiceKey> = { name: 'serviceKey.revoke', method: 'DELETE', path: '/api/service-accounts/{slug}/keys/{id}' };
export const rotateServiceKey: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').rotateServiceKey> = { name: 'serviceKey.rotate', method: 'POST', path: '/api/service-accounts/{slug}/keys/{id}/rotation' };
export const showServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').showServiceAccount> = { name: 'serviceAccount.show', method: 'GET', path: '/api/service-accounts/{slug}' };
export const suspendServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').suspendServiceAccount> = { name: 'serviceAccount.suspend', method: 'POST', path: '/api/service-accounts/{slug}/suspension' };
export const updateServiceAccount: RouteRef<typeof import('@tidewheel/contract/routes/service-accounts').updateServiceAccount> = { name: 'serviceAccount.update', method: 'PATCH', path: '/api/service-accounts/{slug}' };
