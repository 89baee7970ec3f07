// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const createDelegation: RouteRef<typeof import('@tidewheel/contract/routes/access').createDelegation> = { name: 'delegation.create', method: 'POST', path: '/api/delegations' };
export const createGrant: RouteRef<typeof import('@tidewheel/contract/routes/access').createGrant> = { name: 'grant.create', method: 'POST', path: '/api/grants' };
export const createRole: RouteRef<typeof import('@tidewheel/contract/routes/access').createRole> = { name: 'role.create', method: 'POST', path: '/api/roles' };
export const deleteRole: RouteRef<typeof import('@tidewheel/contract/routes/access').deleteRole> = { name: 'role.delete', method: 'DELETE', path: '/api/roles/{slug}' };
export const endDelegation: RouteRef<typeof import('@tidewheel/contract/routes/access').endDelegation> = { name: 'delegation.end', method: 'DELETE', path: '/api/delegations/{id}' };
export const explainAccess: RouteRef<typeof import('@tidewheel/contract/routes/access').explainAccess> = { name: 'access.why', method: 'GET', path: '/api/access/why' };
export const listDelegations: RouteRef<typeof import('@tidewheel/contract/routes/access').listDelegations> = { name: 'delegation.list', method: 'GET', path: '/api/delegations' };
export const listGrants: RouteRef<typeof import('@tidewheel/contract/routes/access').listGrants> = { name: 'grant.list', method: 'GET', path: '/api/grants' };
export const listObjectAccess: RouteRef<typeof import('@tidewheel/contract/routes/access').listObjectAccess> = { name: 'access.who', method: 'GET', path: '/api/access/who' };
export const listRoleHolders: RouteRef<typeof import('@tidewheel/contract/routes/access').listRoleHolders> = { name: 'role.holders', method: 'GET', path: '/api/roles/{slug}/holders' };
export const listRoles: RouteRef<typeof import('@tidewheel/contract/routes/access').listRoles> = { name: 'role.list', method: 'GET', path: '/api/roles' };
export const resetRole: RouteRef<typeof import('@tidewheel/contract/routes/access').resetRole> = { name: 'role.reset', method: 'POST', path: '/api/roles/{slug}/reset' };
export const revokeGrant: RouteRef<typeof import('@tidewheel/contract/routes/access').revokeGrant> = { name: 'grant.revoke', method: 'DELETE', path: '/api/grants/{id}' };
export const showMatrix: RouteRef<typeof import('@tidewheel/contract/routes/access').showMatrix> = { name: 'access.matrix', method: 'GET', path: '/api/access/matrix' };
export const showRole: RouteRef<typeof import('@tidewheel/contract/routes/access').showRole> = { name: 'role.show', method: 'GET', path: '/api/roles/{slug}' };
export const updateRole: RouteRef<typeof import('@tidewheel/contract/routes/access').updateRole> = { name: 'role.update', method: 'PUT', path: '/api/roles/{slug}' };
