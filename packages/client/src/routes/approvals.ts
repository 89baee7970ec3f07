// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const decideApproval: RouteRef<typeof import('@tidewheel/contract/routes/approvals').decideApproval> = { name: 'approval.decide', method: 'POST', path: '/api/approvals/{id}/decision' };
export const listApprovals: RouteRef<typeof import('@tidewheel/contract/routes/approvals').listApprovals> = { name: 'approval.list', method: 'GET', path: '/api/approvals' };
export const showApproval: RouteRef<typeof import('@tidewheel/contract/routes/approvals').showApproval> = { name: 'approval.show', method: 'GET', path: '/api/approvals/{id}' };
