// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const explainProcessedColor: RouteRef<typeof import('@tidewheel/contract/routes/color-processings').explainProcessedColor> = { name: 'colorProcessing.why', method: 'GET', path: '/api/color-processings/{number}/rows/{line}/why' };
export const listColorProcessings: RouteRef<typeof import('@tidewheel/contract/routes/color-processings').listColorProcessings> = { name: 'colorProcessing.list', method: 'GET', path: '/api/color-processings' };
export const listProcessedColors: RouteRef<typeof import('@tidewheel/contract/routes/color-processings').listProcessedColors> = { name: 'colorProcessing.rows', method: 'GET', path: '/api/color-processings/{number}/rows' };
export const showColorProcessing: RouteRef<typeof import('@tidewheel/contract/routes/color-processings').showColorProcessing> = { name: 'colorProcessing.show', method: 'GET', path: '/api/color-processings/{number}' };
