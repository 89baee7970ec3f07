// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const pauseRun: RouteRef<typeof import('@tidewheel/contract/routes/run-operations').pauseRun> = { name: 'run.pause', method: 'POST', path: '/api/runs/{id}/pause' };
export const previewRerun: RouteRef<typeof import('@tidewheel/contract/routes/run-operations').previewRerun> = { name: 'run.previewRerun', method: 'POST', path: '/api/runs/{id}/rerun/preview' };
export const rerunRun: RouteRef<typeof import('@tidewheel/contract/routes/run-operations').rerunRun> = { name: 'run.rerun', method: 'POST', path: '/api/runs/{id}/rerun' };
export const resumeRun: RouteRef<typeof import('@tidewheel/contract/routes/run-operations').resumeRun> = { name: 'run.resume', method: 'POST', path: '/api/runs/{id}/resume' };
