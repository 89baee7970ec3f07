// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const addMember: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').addMember> = { name: 'member.add', method: 'POST', path: '/api/workspaces/{slug}/members' };
export const archiveWorkspace: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').archiveWorkspace> = { name: 'workspace.archive', method: 'POST', path: '/api/workspaces/{slug}/archive' };
export const createWorkspace: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').createWorkspace> = { name: 'workspace.create', method: 'POST', path: '/api/workspaces' };
export const listMembers: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').listMembers> = { name: 'member.list', method: 'GET', path: '/api/workspaces/{slug}/members' };
export const listWorkspaces: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').listWorkspaces> = { name: 'workspace.list', method: 'GET', path: '/api/workspaces' };
export const removeMember: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').removeMember> = { name: 'member.remove', method: 'DELETE', path: '/api/workspaces/{slug}/members/{id}' };
export const restoreWorkspace: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').restoreWorkspace> = { name: 'workspace.restore', method: 'POST', path: '/api/workspaces/{slug}/restore' };
export const showWorkspace: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').showWorkspace> = { name: 'workspace.show', method: 'GET', path: '/api/workspaces/{slug}' };
export const updateWorkspace: RouteRef<typeof import('@tidewheel/contract/routes/workspaces').updateWorkspace> = { name: 'workspace.update', method: 'PATCH', path: '/api/workspaces/{slug}' };
