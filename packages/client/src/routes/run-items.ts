// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const compareItems: RouteRef<typeof import('@tidewheel/contract/routes/run-items').compareItems> = { name: 'run.compareItems', method: 'GET', path: '/api/runs/{id}/steps/{step}/compare' };
