// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const cancelPerformanceTest: RouteRef<typeof import('@tidewheel/contract/routes/performance').cancelPerformanceTest> = { name: 'performance.cancel', method: 'POST', path: '/api/performance-tests/{id}/cancel' };
export const listPerformanceTests: RouteRef<typeof import('@tidewheel/contract/routes/performance').listPerformanceTests> = { name: 'performance.list', method: 'GET', path: '/api/performance-tests' };
export const showPerformanceTest: RouteRef<typeof import('@tidewheel/contract/routes/performance').showPerformanceTest> = { name: 'performance.show', method: 'GET', path: '/api/performance-tests/{id}' };
export const startPerformanceTest: RouteRef<typeof import('@tidewheel/contract/routes/performance').startPerformanceTest> = { name: 'performance.start', method: 'POST', path: '/api/flows/{slug}/performance-tests' };
