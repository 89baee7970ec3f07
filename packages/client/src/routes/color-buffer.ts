// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listColorBuffer: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').listColorBuffer> = { name: 'colorBuffer.list', method: 'GET', path: '/api/color-buffer' };
export const removeWaitingColors: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').removeWaitingColors> = { name: 'colorBuffer.remove', method: 'POST', path: '/api/color-buffer/remove' };
export const repairWaitingColors: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').repairWaitingColors> = { name: 'colorBuffer.repair', method: 'POST', path: '/api/color-buffer/repair' };
export const restoreWaitingColors: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').restoreWaitingColors> = { name: 'colorBuffer.restore', method: 'POST', path: '/api/color-buffer/restore' };
export const summarizeColorBuffer: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').summarizeColorBuffer> = { name: 'colorBuffer.summary', method: 'GET', path: '/api/color-buffer/summary' };
export const updateWaitingColor: RouteRef<typeof import('@tidewheel/contract/routes/color-buffer').updateWaitingColor> = { name: 'colorBuffer.update', method: 'PATCH', path: '/api/color-buffer/{id}' };
