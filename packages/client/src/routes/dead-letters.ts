// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const discardDeadLetter: RouteRef<typeof import('@tidewheel/contract/routes/dead-letters').discardDeadLetter> = { name: 'deadLetter.discard', method: 'POST', path: '/api/dead-letters/{id}/discard' };
export const listDeadLetters: RouteRef<typeof import('@tidewheel/contract/routes/dead-letters').listDeadLetters> = { name: 'deadLetter.list', method: 'GET', path: '/api/dead-letters' };
export const replayDeadLetter: RouteRef<typeof import('@tidewheel/contract/routes/dead-letters').replayDeadLetter> = { name: 'deadLetter.replay', method: 'POST', path: '/api/dead-letters/{id}/replay' };
export const showDeadLetter: RouteRef<typeof import('@tidewheel/contract/routes/dead-letters').showDeadLetter> = { name: 'deadLetter.show', method: 'GET', path: '/api/dead-letters/{id}' };
