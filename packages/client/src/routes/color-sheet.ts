// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const showColorSheet: RouteRef<typeof import('@tidewheel/contract/routes/color-sheet').showColorSheet> = { name: 'colorSheet.show', method: 'GET', path: '/api/color-desk/sheet' };
export const updateColorSheet: RouteRef<typeof import('@tidewheel/contract/routes/color-sheet').updateColorSheet> = { name: 'colorSheet.update', method: 'PUT', path: '/api/color-desk/sheet' };
