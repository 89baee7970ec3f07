// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveTargetGroup: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').archiveTargetGroup> = { name: 'targetGroup.archive', method: 'DELETE', path: '/api/target-groups/{slug}' };
export const createTargetGroup: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').createTargetGroup> = { name: 'targetGroup.create', method: 'POST', path: '/api/target-groups' };
export const listTargetGroups: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').listTargetGroups> = { name: 'targetGroup.list', method: 'GET', path: '/api/target-groups' };
export const previewTargetGroup: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').previewTargetGroup> = { name: 'targetGroup.preview', method: 'POST', path: '/api/target-group-previews' };
export const showTargetGroup: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').showTargetGroup> = { name: 'targetGroup.show', method: 'GET', path: '/api/target-groups/{slug}' };
export const updateTargetGroup: RouteRef<typeof import('@tidewheel/contract/routes/target-groups').updateTargetGroup> = { name: 'targetGroup.update', method: 'PUT', path: '/api/target-groups/{slug}' };
