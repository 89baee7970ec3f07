// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const allowTerminal: RouteRef<typeof import('@tidewheel/contract/routes/tokens').allowTerminal> = { name: 'auth.terminal.allow', method: 'POST', path: '/api/auth/terminal' };
export const enterTerminal: RouteRef<typeof import('@tidewheel/contract/routes/tokens').enterTerminal> = { name: 'auth.terminal.enter', method: 'POST', path: '/api/auth/terminal/enter' };
export const logIn: RouteRef<typeof import('@tidewheel/contract/routes/tokens').logIn> = { name: 'auth.login', method: 'POST', path: '/api/auth/login' };
export const refreshTokens: RouteRef<typeof import('@tidewheel/contract/routes/tokens').refreshTokens> = { name: 'auth.refresh', method: 'POST', path: '/api/auth/refresh' };
export const revokeEverything: RouteRef<typeof import('@tidewheel/contract/routes/tokens').revokeEverything> = { name: 'auth.revokeAll', method: 'POST', path: '/api/revoke-all' };
export const verifyToken: RouteRef<typeof import('@tidewheel/contract/routes/tokens').verifyToken> = { name: 'auth.verify', method: 'GET', path: '/api/verify' };
