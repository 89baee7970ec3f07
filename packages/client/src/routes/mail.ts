// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listOutbox: RouteRef<typeof import('@tidewheel/contract/routes/mail').listOutbox> = { name: 'mail.outbox', method: 'GET', path: '/api/mail/outbox' };
export const removeMailSettings: RouteRef<typeof import('@tidewheel/contract/routes/mail').removeMailSettings> = { name: 'mail.remove', method: 'DELETE', path: '/api/mail/settings' };
export const showMailSettings: RouteRef<typeof import('@tidewheel/contract/routes/mail').showMailSettings> = { name: 'mail.show', method: 'GET', path: '/api/mail/settings' };
export const testMail: RouteRef<typeof import('@tidewheel/contract/routes/mail').testMail> = { name: 'mail.test', method: 'POST', path: '/api/mail/test' };
export const updateMailSettings: RouteRef<typeof import('@tidewheel/contract/routes/mail').updateMailSettings> = { name: 'mail.update', method: 'PUT', path: '/api/mail/settings' };
