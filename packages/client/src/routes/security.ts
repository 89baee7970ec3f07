// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const checkEgress: RouteRef<typeof import('@tidewheel/contract/routes/security').checkEgress> = { name: 'security.checkEgress', method: 'POST', path: '/api/security/egress/check' };
export const showSecuritySettings: RouteRef<typeof import('@tidewheel/contract/routes/security').showSecuritySettings> = { name: 'security.show', method: 'GET', path: '/api/security/settings' };
export const updateSecuritySettings: RouteRef<typeof import('@tidewheel/contract/routes/security').updateSecuritySettings> = { name: 'security.update', method: 'PATCH', path: '/api/security/settings' };
