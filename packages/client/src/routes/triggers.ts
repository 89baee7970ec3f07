// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').archiveTrigger> = { name: 'trigger.archive', method: 'DELETE', path: '/api/triggers/{slug}' };
export const changeTriggers: RouteRef<typeof import('@tidewheel/contract/routes/triggers').changeTriggers> = { name: 'trigger.bulk', method: 'POST', path: '/api/trigger-bulk' };
export const createTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').createTrigger> = { name: 'trigger.create', method: 'POST', path: '/api/triggers' };
export const listTriggerEvents: RouteRef<typeof import('@tidewheel/contract/routes/triggers').listTriggerEvents> = { name: 'trigger.events', method: 'GET', path: '/api/triggers/{slug}/events' };
export const listTriggerKinds: RouteRef<typeof import('@tidewheel/contract/routes/triggers').listTriggerKinds> = { name: 'trigger.kinds', method: 'GET', path: '/api/trigger-kinds' };
export const listTriggers: RouteRef<typeof import('@tidewheel/contract/routes/triggers').listTriggers> = { name: 'trigger.list', method: 'GET', path: '/api/triggers' };
export const pauseTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').pauseTrigger> = { name: 'trigger.pause', method: 'POST', path: '/api/triggers/{slug}/pause' };
export const receiveHook: RouteRef<typeof import('@tidewheel/contract/routes/triggers').receiveHook> = { name: 'trigger.receive', method: 'POST', path: '/api/hooks/{id}', bodyType: '*/*' };
export const replayTriggerEvent: RouteRef<typeof import('@tidewheel/contract/routes/triggers').replayTriggerEvent> = { name: 'trigger.replay', method: 'POST', path: '/api/triggers/{slug}/events/{id}/replay' };
export const restoreTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').restoreTrigger> = { name: 'trigger.restore', method: 'POST', path: '/api/triggers/{slug}/restore' };
export const resumeTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').resumeTrigger> = { name: 'trigger.resume', method: 'POST', path: '/api/triggers/{slug}/resume' };
export const setTriggerSecret: RouteRef<typeof import('@tidewheel/contract/routes/triggers').setTriggerSecret> = { name: 'trigger.setSecret', method: 'POST', path: '/api/triggers/{slug}/secret' };
export const showTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').showTrigger> = { name: 'trigger.show', method: 'GET', path: '/api/triggers/{slug}' };
export const testTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').testTrigger> = { name: 'trigger.test', method: 'POST', path: '/api/triggers/{slug}/test' };
export const updateTrigger: RouteRef<typeof import('@tidewheel/contract/routes/triggers').updateTrigger> = { name: 'trigger.update', method: 'PUT', path: '/api/triggers/{slug}' };
