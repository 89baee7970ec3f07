// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const showWhy: RouteRef<typeof import('@tidewheel/contract/routes/run-why').showWhy> = { name: 'run.why', method: 'GET', path: '/api/runs/{id}/why' };
