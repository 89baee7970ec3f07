// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const exportColorDashboard: RouteRef<typeof import('@tidewheel/contract/routes/color-dashboard').exportColorDashboard> = { name: 'colorDashboard.export', method: 'GET', path: '/api/color-dashboard-export', responseType: 'application/octet-stream' };
export const showColorDashboard: RouteRef<typeof import('@tidewheel/contract/routes/color-dashboard').showColorDashboard> = { name: 'colorDashboard.show', method: 'GET', path: '/api/color-dashboard' };
