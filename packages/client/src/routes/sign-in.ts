// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const askVerification: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').askVerification> = { name: 'email.askVerification', method: 'POST', path: '/api/auth/email-verification' };
export const changePassword: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').changePassword> = { name: 'password.change', method: 'POST', path: '/api/auth/password' };
export const forgotPassword: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').forgotPassword> = { name: 'password.forgot', method: 'POST', path: '/api/auth/forgotten-password' };
export const register: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').register> = { name: 'auth.register', method: 'POST', path: '/api/auth/registrations' };
export const resetPassword: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').resetPassword> = { name: 'password.reset', method: 'POST', path: '/api/auth/account-links/{token}/password' };
export const revokeAllSessions: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').revokeAllSessions> = { name: 'session.revokeAll', method: 'DELETE', path: '/api/sessions' };
export const revokeMySessions: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').revokeMySessions> = { name: 'session.revokeMine', method: 'DELETE', path: '/api/auth/sessions' };
export const revokeUserSessions: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').revokeUserSessions> = { name: 'user.revokeSessions', method: 'DELETE', path: '/api/users/{id}/sessions' };
export const sendPasswordReset: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').sendPasswordReset> = { name: 'user.resetPassword', method: 'POST', path: '/api/users/{id}/password-reset' };
export const showAccountLink: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').showAccountLink> = { name: 'password.link', method: 'GET', path: '/api/auth/account-links/{token}' };
export const showEntry: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').showEntry> = { name: 'auth.entry', method: 'GET', path: '/api/auth/entry' };
export const showSignInRules: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').showSignInRules> = { name: 'signInRules.show', method: 'GET', path: '/api/sign-in-rules' };
export const updateSignInRules: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').updateSignInRules> = { name: 'signInRules.update', method: 'PATCH', path: '/api/sign-in-rules' };
export const verifyEmail: RouteRef<typeof import('@tidewheel/contract/routes/sign-in').verifyEmail> = { name: 'email.verify', method: 'POST', path: '/api/auth/account-links/{token}/verified' };
