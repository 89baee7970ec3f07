// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const acceptLink: RouteRef<typeof import('@tidewheel/contract/routes/identity').acceptLink> = { name: 'auth.acceptLink', method: 'POST', path: '/api/auth/links/{token}' };
export const createToken: RouteRef<typeof import('@tidewheel/contract/routes/identity').createToken> = { name: 'token.create', method: 'POST', path: '/api/auth/tokens' };
export const inviteUser: RouteRef<typeof import('@tidewheel/contract/routes/identity').inviteUser> = { name: 'user.invite', method: 'POST', path: '/api/invitations' };
export const listInvitations: RouteRef<typeof import('@tidewheel/contract/routes/identity').listInvitations> = { name: 'user.invitations', method: 'GET', path: '/api/invitations' };
export const listSessions: RouteRef<typeof import('@tidewheel/contract/routes/identity').listSessions> = { name: 'session.list', method: 'GET', path: '/api/auth/sessions' };
export const listTokens: RouteRef<typeof import('@tidewheel/contract/routes/identity').listTokens> = { name: 'token.list', method: 'GET', path: '/api/auth/tokens' };
export const listUsers: RouteRef<typeof import('@tidewheel/contract/routes/identity').listUsers> = { name: 'user.list', method: 'GET', path: '/api/users' };
export const revokeInvitation: RouteRef<typeof import('@tidewheel/contract/routes/identity').revokeInvitation> = { name: 'user.uninvite', method: 'DELETE', path: '/api/invitations/{id}' };
export const revokeSession: RouteRef<typeof import('@tidewheel/contract/routes/identity').revokeSession> = { name: 'session.revoke', method: 'DELETE', path: '/api/auth/sessions/{id}' };
export const revokeToken: RouteRef<typeof import('@tidewheel/contract/routes/identity').revokeToken> = { name: 'token.revoke', method: 'DELETE', path: '/api/auth/tokens/{id}' };
export const setRole: RouteRef<typeof import('@tidewheel/contract/routes/identity').setRole> = { name: 'user.setRole', method: 'PATCH', path: '/api/users/{id}' };
export const showLink: RouteRef<typeof import('@tidewheel/contract/routes/identity').showLink> = { name: 'auth.link', method: 'GET', path: '/api/auth/links/{token}' };
export const signIn: RouteRef<typeof import('@tidewheel/contract/routes/identity').signIn> = { name: 'auth.signIn', method: 'POST', path: '/api/auth/sign-in' };
export const signOut: RouteRef<typeof import('@tidewheel/contract/routes/identity').signOut> = { name: 'auth.signOut', method: 'POST', path: '/api/auth/sign-out' };
export const whoAmI: RouteRef<typeof import('@tidewheel/contract/routes/identity').whoAmI> = { name: 'auth.me', method: 'GET', path: '/api/auth/me' };
