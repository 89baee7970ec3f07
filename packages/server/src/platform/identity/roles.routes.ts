import * as routes from '@tidewheel/contract/routes/access';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { createRole, deleteRole, listRoleHolders, listRoles, resetRole, showMatrix, showRole, updateRole } from './roles.service.ts';

export function roleEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  return [
    endpoint(routes.listRoles, async ({ actor }) => listRoles(db, actor)),
    endpoint(routes.showRole, async ({ actor, params }) => showRole(db, actor, params.slug)),
    endpoint(routes.listRoleHolders, async ({ actor, params }) => listRoleHolders(db, actor, params.slug)),
    endpoint(routes.createRole, async ({ actor, body }) => createRole(db, actor, body)),
    endpoint(routes.updateRole, async ({ actor, params, body }) => updateRole(db, actor, { ...body, slug: params.slug })),
    endpoint(routes.resetRole, async ({ actor, params }) => resetRole(db, actor, params.slug)),
    endpoint(routes.deleteRole, async ({ actor, params }) => deleteRole(db, actor, params.slug)),
    endpoint(routes.showMatrix, async ({ actor }) => showMatrix(db, actor)),
  ];
}
