// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const drainWorker: RouteRef<typeof import('@tidewheel/contract/routes/engine').drainWorker> = { name: 'worker.drain', method: 'POST', path: '/api/engine/workers/{id}/drain' };
export const pauseEngine: RouteRef<typeof import('@tidewheel/contract/routes/engine').pauseEngine> = { name: 'engine.pause', method: 'POST', path: '/api/engine/pause' };
export const resumeEngine: RouteRef<typeof import('@tidewheel/contract/routes/engine').resumeEngine> = { name: 'engine.resume', method: 'POST', path: '/api/engine/resume' };
export const showEngine: RouteRef<typeof import('@tidewheel/contract/routes/engine').showEngine> = { name: 'engine.show', method: 'GET', path: '/api/engine' };
export const undrainWorker: RouteRef<typeof import('@tidewheel/contract/routes/engine').undrainWorker> = { name: 'worker.undrain', method: 'POST', path: '/api/engine/workers/{id}/undrain' };
