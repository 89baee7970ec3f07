// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const beginSecondFactor: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').beginSecondFactor> = { name: 'secondFactor.begin', method: 'POST', path: '/api/auth/second-factor' };
export const confirmSecondFactor: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').confirmSecondFactor> = { name: 'secondFactor.confirm', method: 'POST', path: '/api/auth/second-factor/confirm' };
export const mailCode: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').mailCode> = { name: 'auth.mailCode', method: 'POST', path: '/api/auth/sign-in/email-code' };
export const removeSecondFactor: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').removeSecondFactor> = { name: 'secondFactor.remove', method: 'POST', path: '/api/auth/second-factor/remove' };
export const renewRecoveryCodes: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').renewRecoveryCodes> = { name: 'secondFactor.renewCodes', method: 'POST', path: '/api/auth/second-factor/recovery-codes' };
export const resetSecondFactor: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').resetSecondFactor> = { name: 'user.resetSecondFactor', method: 'DELETE', path: '/api/users/{id}/second-factor' };
export const showSecondFactor: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').showSecondFactor> = { name: 'secondFactor.show', method: 'GET', path: '/api/auth/second-factor' };
export const switchEmailCode: RouteRef<typeof import('@tidewheel/contract/routes/second-factor').switchEmailCode> = { name: 'secondFactor.email', method: 'POST', path: '/api/auth/second-factor/email' };
