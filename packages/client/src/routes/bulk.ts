// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const previewBulk: RouteRef<typeof import('@tidewheel/contract/routes/bulk').previewBulk> = { name: 'run.previewBulk', method: 'POST', path: '/api/runs/bulk' };
export const runBulk: RouteRef<typeof import('@tidewheel/contract/routes/bulk').runBulk> = { name: 'run.bulk', method: 'POST', path: '/api/runs/bulk/{id}' };
export const startMany: RouteRef<typeof import('@tidewheel/contract/routes/bulk').startMany> = { name: 'run.startMany', method: 'POST', path: '/api/flows/{slug}/runs/bulk' };
