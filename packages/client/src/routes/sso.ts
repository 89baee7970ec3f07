// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const beginSso: RouteRef<typeof import('@tidewheel/contract/routes/sso').beginSso> = { name: 'auth.ssoBegin', method: 'POST', path: '/api/auth/sso/{slug}/begin' };
export const beginSsoLink: RouteRef<typeof import('@tidewheel/contract/routes/sso').beginSsoLink> = { name: 'auth.ssoLink', method: 'POST', path: '/api/auth/sso/{slug}/link' };
export const createSsoProvider: RouteRef<typeof import('@tidewheel/contract/routes/sso').createSsoProvider> = { name: 'sso.create', method: 'POST', path: '/api/sso/providers' };
export const discoverSso: RouteRef<typeof import('@tidewheel/contract/routes/sso').discoverSso> = { name: 'sso.discover', method: 'POST', path: '/api/sso/discover' };
export const dryRunSso: RouteRef<typeof import('@tidewheel/contract/routes/sso').dryRunSso> = { name: 'sso.dryRun', method: 'POST', path: '/api/sso/providers/{slug}/dry-run' };
export const finishSso: RouteRef<typeof import('@tidewheel/contract/routes/sso').finishSso> = { name: 'auth.ssoCallback', method: 'GET', path: '/api/auth/sso/{slug}/callback' };
export const listMySsoLinks: RouteRef<typeof import('@tidewheel/contract/routes/sso').listMySsoLinks> = { name: 'auth.ssoLinks', method: 'GET', path: '/api/auth/sso/links' };
export const listSsoChoices: RouteRef<typeof import('@tidewheel/contract/routes/sso').listSsoChoices> = { name: 'auth.ssoChoices', method: 'GET', path: '/api/auth/sso' };
export const listSsoLinks: RouteRef<typeof import('@tidewheel/contract/routes/sso').listSsoLinks> = { name: 'sso.links', method: 'GET', path: '/api/sso/providers/{slug}/links' };
export const listSsoProviders: RouteRef<typeof import('@tidewheel/contract/routes/sso').listSsoProviders> = { name: 'sso.list', method: 'GET', path: '/api/sso/providers' };
export const passSsoFactor: RouteRef<typeof import('@tidewheel/contract/routes/sso').passSsoFactor> = { name: 'auth.ssoFactor', method: 'POST', path: '/api/auth/sso/second-factor' };
export const removeSsoLink: RouteRef<typeof import('@tidewheel/contract/routes/sso').removeSsoLink> = { name: 'sso.unlink', method: 'DELETE', path: '/api/sso/providers/{slug}/links/{user}' };
export const removeSsoProvider: RouteRef<typeof import('@tidewheel/contract/routes/sso').removeSsoProvider> = { name: 'sso.remove', method: 'DELETE', path: '/api/sso/providers/{slug}' };
export const saveSsoMapping: RouteRef<typeof import('@tidewheel/contract/routes/sso').saveSsoMapping> = { name: 'sso.saveMapping', method: 'PUT', path: '/api/sso/providers/{slug}/mapping' };
export const showSsoProvider: RouteRef<typeof import('@tidewheel/contract/routes/sso').showSsoProvider> = { name: 'sso.show', method: 'GET', path: '/api/sso/providers/{slug}' };
export const updateSsoProvider: RouteRef<typeof import('@tidewheel/contract/routes/sso').updateSsoProvider> = { name: 'sso.update', method: 'PATCH', path: '/api/sso/providers/{slug}' };
