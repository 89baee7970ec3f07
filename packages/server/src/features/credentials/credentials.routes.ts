// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/credentials';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type CredentialTestDeps, testCredential } from './credential-test.ts';
import { showUsage } from './credential-usage.ts';
import {
  archiveCredential,
  createCredential,
  listCredentials,
  listCredentialTypes,
  restoreCredential,
  rotateCredential,
  showCredential,
  updateCredential,
} from './credentials.service.ts';

export function credentialEndpoints(deps: CredentialTestDeps): Endpoint[] {
  return [
    endpoint(routes.listCredentialTypes, async ({ actor }) => listCredentialTypes(actor)),
    endpoint(routes.listCredentials, ({ actor, query }) => listCredentials(deps, actor, query)),
    endpoint(routes.showCredential, ({ actor, params }) => showCredential(deps, actor, params.slug)),
    endpoint(routes.showCredentialUsage, ({ actor, params }) => showUsage(deps, actor, params.slug)),
    endpoint(routes.createCredential, ({ actor, body }) => createCredential(deps, actor, body)),
    endpoint(routes.updateCredential, ({ actor, params, body }) => updateCredential(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.rotateCredential, ({ actor, params, body }) => rotateCredential(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.restoreCredential, ({ actor, params }) => restoreCredential(deps, actor, params.slug)),
    endpoint(routes.testCredential, ({ actor, params, body, call }) => testCredential(deps, actor, { slug: params.slug, ...body, signal: call.signal })),
    endpoint(routes.archiveCredential, ({ actor, params, query }) => archiveCredential(deps, actor, { slug: params.slug, force: query.force === 'true' })),
  ];
}
