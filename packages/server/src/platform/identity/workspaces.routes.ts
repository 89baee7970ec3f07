import * as routes from '@tidewheel/contract/routes/workspaces';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import * as workspaces from './workspaces.service.ts';

export function workspaceEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [
    endpoint(routes.listWorkspaces, async ({ actor }) => workspaces.listWorkspaces(db, actor)),
    endpoint(routes.showWorkspace, async ({ actor, params }) => workspaces.showWorkspace(db, actor, params.slug)),
    endpoint(routes.createWorkspace, async ({ actor, body }) => workspaces.createWorkspace(db, actor, body)),
    endpoint(routes.updateWorkspace, async ({ actor, params, body }) => workspaces.updateWorkspace(db, actor, { ...params, changed: body })),
    endpoint(routes.archiveWorkspace, async ({ actor, params }) => workspaces.archiveWorkspace(db, actor, params.slug)),
    endpoint(routes.restoreWorkspace, async ({ actor, params }) => workspaces.restoreWorkspace(db, actor, params.slug)),
    endpoint(routes.listMembers, async ({ actor, params }) => workspaces.listMembers(db, actor, params.slug)),
    endpoint(routes.addMember, async ({ actor, params, body }) => workspaces.addMember(db, actor, { ...params, ...body })),
    endpoint(routes.removeMember, async ({ actor, params }) => workspaces.removeMember(db, actor, params)),
  ];
}
