// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const diffFlow: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').diffFlow> = { name: 'flow.diff', method: 'GET', path: '/api/flows/{slug}/diff' };
export const discardDraft: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').discardDraft> = { name: 'flow.discardDraft', method: 'DELETE', path: '/api/flows/{slug}/draft' };
export const exportFlows: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').exportFlows> = { name: 'flow.export', method: 'GET', path: '/api/flow-bundle', responseType: 'application/yaml' };
export const importFlows: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').importFlows> = { name: 'flow.import', method: 'POST', path: '/api/flow-bundle' };
export const publishDraft: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').publishDraft> = { name: 'flow.publish', method: 'POST', path: '/api/flows/{slug}/draft/publish' };
export const restoreVersion: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').restoreVersion> = { name: 'flow.restoreVersion', method: 'POST', path: '/api/flows/{slug}/versions/{version}/restore' };
export const saveDraft: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').saveDraft> = { name: 'flow.saveDraft', method: 'PUT', path: '/api/flows/{slug}/draft' };
export const showDraft: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').showDraft> = { name: 'flow.draft', method: 'GET', path: '/api/flows/{slug}/draft' };
export const switchFlowOff: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').switchFlowOff> = { name: 'flow.switchOff', method: 'POST', path: '/api/flows/{slug}/switch-off' };
export const switchFlowOn: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').switchFlowOn> = { name: 'flow.switchOn', method: 'POST', path: '/api/flows/{slug}/switch-on' };
export const testDraft: RouteRef<typeof import('@tidewheel/contract/routes/flow-versions').testDraft> = { name: 'flow.test', method: 'POST', path: '/api/flows/{slug}/draft/runs' };
