// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const askEmailChange: RouteRef<typeof import('@tidewheel/contract/routes/users').askEmailChange> = { name: 'profile.askEmailChange', method: 'POST', path: '/api/auth/me/email' };
export const confirmEmailChange: RouteRef<typeof import('@tidewheel/contract/routes/users').confirmEmailChange> = { name: 'profile.confirmEmailChange', method: 'POST', path: '/api/auth/account-links/{token}/email' };
export const deleteUser: RouteRef<typeof import('@tidewheel/contract/routes/users').deleteUser> = { name: 'user.delete', method: 'DELETE', path: '/api/users/{id}' };
export const endUserSession: RouteRef<typeof import('@tidewheel/contract/routes/users').endUserSession> = { name: 'user.endSession', method: 'DELETE', path: '/api/users/{id}/sessions/{session}' };
export const listUserSessions: RouteRef<typeof import('@tidewheel/contract/routes/users').listUserSessions> = { name: 'user.sessions', method: 'GET', path: '/api/users/{id}/sessions' };
export const listUserTokens: RouteRef<typeof import('@tidewheel/contract/routes/users').listUserTokens> = { name: 'user.tokens', method: 'GET', path: '/api/users/{id}/tokens' };
export const renameUser: RouteRef<typeof import('@tidewheel/contract/routes/users').renameUser> = { name: 'user.rename', method: 'PATCH', path: '/api/users/{id}/profile' };
export const restoreUser: RouteRef<typeof import('@tidewheel/contract/routes/users').restoreUser> = { name: 'user.restore', method: 'DELETE', path: '/api/users/{id}/suspension' };
export const revokeUserToken: RouteRef<typeof import('@tidewheel/contract/routes/users').revokeUserToken> = { name: 'user.revokeToken', method: 'DELETE', path: '/api/users/{id}/tokens/{token}' };
export const showUser: RouteRef<typeof import('@tidewheel/contract/routes/users').showUser> = { name: 'user.show', method: 'GET', path: '/api/users/{id}' };
export const suspendUser: RouteRef<typeof import('@tidewheel/contract/routes/users').suspendUser> = { name: 'user.suspend', method: 'POST', path: '/api/users/{id}/suspension' };
export const updateProfile: RouteRef<typeof import('@tidewheel/contract/routes/users').updateProfile> = { name: 'profile.update', method: 'PATCH', path: '/api/auth/me' };
