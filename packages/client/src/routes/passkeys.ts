// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const addPasskey: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').addPasskey> = { name: 'passkey.add', method: 'POST', path: '/api/auth/passkeys' };
export const beginPasskey: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').beginPasskey> = { name: 'passkey.begin', method: 'POST', path: '/api/auth/passkeys/options' };
export const beginPasskeySignIn: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').beginPasskeySignIn> = { name: 'auth.passkeyOptions', method: 'POST', path: '/api/auth/sign-in/passkey/options' };
export const listPasskeys: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').listPasskeys> = { name: 'passkey.list', method: 'GET', path: '/api/auth/passkeys' };
export const passkeySignIn: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').passkeySignIn> = { name: 'auth.passkey', method: 'POST', path: '/api/auth/sign-in/passkey' };
export const removePasskey: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').removePasskey> = { name: 'passkey.remove', method: 'POST', path: '/api/auth/passkeys/{id}/remove' };
export const renamePasskey: RouteRef<typeof import('@tidewheel/contract/routes/passkeys').renamePasskey> = { name: 'passkey.rename', method: 'PATCH', path: '/api/auth/passkeys/{id}' };
