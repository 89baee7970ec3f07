import * as routes from '@tidewheel/contract/routes/service-accounts';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { IdentityDeps } from './identity-deps.ts';
import * as accounts from './service-accounts.service.ts';

export function serviceAccountEndpoints({ db }: Pick<IdentityDeps, 'db'>): Endpoint[] {
  const suspend = (isSuspended: boolean) => (actor: Parameters<typeof accounts.showServiceAccount>[1], slug: string) =>
    accounts.setServiceAccountSuspended(db, actor, { slug, isSuspended });
  return [
    endpoint(routes.listServiceAccounts, async ({ actor }) => accounts.listServiceAccounts(db, actor)),
    endpoint(routes.showServiceAccount, async ({ actor, params }) => accounts.showServiceAccount(db, actor, params.slug)),
    endpoint(routes.createServiceAccount, async ({ actor, body }) => accounts.createServiceAccount(db, actor, body)),
    endpoint(routes.updateServiceAccount, async ({ actor, params, body }) => accounts.updateServiceAccount(db, actor, { ...params, changed: body })),
    endpoint(routes.suspendServiceAccount, async ({ actor, params }) => suspend(true)(actor, params.slug)),
    endpoint(routes.restoreServiceAccount, async ({ actor, params }) => suspend(false)(actor, params.slug)),
    endpoint(routes.deleteServiceAccount, async ({ actor, params }) => accounts.deleteServiceAccount(db, actor, params.slug)),
    endpoint(routes.listServiceKeys, async ({ actor, params }) => accounts.listServiceKeys(db, actor, params.slug)),
    endpoint(routes.createServiceKey, async ({ actor, params, body }) => accounts.createServiceKey(db, actor, { ...params, ...body })),
    endpoint(routes.rotateServiceKey, async ({ actor, params, body }) => accounts.rotateServiceKey(db, actor, { ...params, ...body })),
    endpoint(routes.revokeServiceKey, async ({ actor, params }) => accounts.revokeServiceKey(db, actor, params)),
  ];
}
