// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveColorSource: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').archiveColorSource> = { name: 'colorSource.archive', method: 'DELETE', path: '/api/color-sources/{slug}' };
export const createColorSource: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').createColorSource> = { name: 'colorSource.create', method: 'POST', path: '/api/color-sources' };
export const listColorSources: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').listColorSources> = { name: 'colorSource.list', method: 'GET', path: '/api/color-sources' };
export const listColorSourceVersions: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').listColorSourceVersions> = { name: 'colorSource.versions', method: 'GET', path: '/api/color-sources/{slug}/versions' };
export const showColorSource: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').showColorSource> = { name: 'colorSource.show', method: 'GET', path: '/api/color-sources/{slug}' };
export const updateColorSource: RouteRef<typeof import('@tidewheel/contract/routes/color-sources').updateColorSource> = { name: 'colorSource.update', method: 'PUT', path: '/api/color-sources/{slug}' };
