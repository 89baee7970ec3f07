// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const cancelBackfill: RouteRef<typeof import('@tidewheel/contract/routes/backfills').cancelBackfill> = { name: 'backfill.cancel', method: 'POST', path: '/api/backfills/{id}/cancel' };
export const listBackfills: RouteRef<typeof import('@tidewheel/contract/routes/backfills').listBackfills> = { name: 'backfill.list', method: 'GET', path: '/api/backfills' };
export const previewBackfill: RouteRef<typeof import('@tidewheel/contract/routes/backfills').previewBackfill> = { name: 'backfill.preview', method: 'POST', path: '/api/flows/{slug}/backfills/preview' };
export const showBackfill: RouteRef<typeof import('@tidewheel/contract/routes/backfills').showBackfill> = { name: 'backfill.show', method: 'GET', path: '/api/backfills/{id}' };
export const startBackfill: RouteRef<typeof import('@tidewheel/contract/routes/backfills').startBackfill> = { name: 'backfill.start', method: 'POST', path: '/api/flows/{slug}/backfills' };
