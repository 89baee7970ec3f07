// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').archiveCredential> = { name: 'credential.archive', method: 'DELETE', path: '/api/credentials/{slug}' };
export const createCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').createCredential> = { name: 'credential.create', method: 'POST', path: '/api/credentials' };
export const listCredentials: RouteRef<typeof import('@tidewheel/contract/routes/credentials').listCredentials> = { name: 'credential.list', method: 'GET', path: '/api/credentials' };
export const listCredentialTypes: RouteRef<typeof import('@tidewheel/contract/routes/credentials').listCredentialTypes> = { name: 'credential.types', method: 'GET', path: '/api/credential-types' };
export const restoreCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').restoreCredential> = { name: 'credential.restore', method: 'POST', path: '/api/credentials/{slug}/restore' };
export const rewrapVault: RouteRef<typeof import('@tidewheel/contract/routes/credentials').rewrapVault> = { name: 'vault.rewrap', method: 'POST', path: '/api/vault/rewrap' };
export const rotateCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').rotateCredential> = { name: 'credential.rotate', method: 'POST', path: '/api/credentials/{slug}/rotate' };
export const showCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').showCredential> = { name: 'credential.show', method: 'GET', path: '/api/credentials/{slug}' };
export const showCredentialUsage: RouteRef<typeof import('@tidewheel/contract/routes/credentials').showCredentialUsage> = { name: 'credential.usage', method: 'GET', path: '/api/credentials/{slug}/usage' };
export const showVault: RouteRef<typeof import('@tidewheel/contract/routes/credentials').showVault> = { name: 'vault.show', method: 'GET', path: '/api/vault' };
export const testCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').testCredential> = { name: 'credential.test', method: 'POST', path: '/api/credentials/{slug}/test' };
export const updateCredential: RouteRef<typeof import('@tidewheel/contract/routes/credentials').updateCredential> = { name: 'credential.update', method: 'PATCH', path: '/api/credentials/{slug}' };
