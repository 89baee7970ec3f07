import * as routes from '@tidewheel/contract/routes/sso';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { dryRun, listLinks, removeLink } from './dry-run.service.ts';
import { createProvider, discoverIssuer, listProviders, removeProvider, type SsoDeps, saveMapping, showProvider, updateProvider } from './providers.service.ts';
import { passFactor } from './second-step.service.ts';
import { beginLink, beginSignIn, finishSignIn, listChoices, listMyLinks } from './sso-sign-in.service.ts';

export function ssoEndpoints(deps: SsoDeps): Endpoint[] {
  return [
    endpoint(routes.listSsoChoices, async () => listChoices(deps)),
    endpoint(routes.beginSso, async ({ params, body, call }) => beginSignIn(deps, { slug: params.slug, next: body.next }, call)),
    endpoint(routes.beginSsoLink, async ({ actor, params, call }) => beginLink(deps, actor, params.slug, call)),
    endpoint(routes.finishSso, async ({ params, query, call }) => finishSignIn(deps, { slug: params.slug, query }, call)),
    endpoint(routes.passSsoFactor, async ({ body, call }) => passFactor(deps, body.code, call)),
    endpoint(routes.listMySsoLinks, async ({ actor }) => listMyLinks(deps, actor)),
    endpoint(routes.listSsoProviders, async ({ actor, call }) => listProviders(deps, actor, call.origin)),
    endpoint(routes.createSsoProvider, async ({ actor, body, call }) => createProvider(deps, actor, { input: body, origin: call.origin })),
    endpoint(routes.showSsoProvider, async ({ actor, params, call }) => showProvider(deps, actor, { slug: params.slug, origin: call.origin })),
    endpoint(routes.updateSsoProvider, async ({ actor, params, body, call }) =>
      updateProvider(deps, actor, { slug: params.slug, change: body, origin: call.origin }),
    ),
    endpoint(routes.removeSsoProvider, async ({ actor, params }) => removeProvider(deps, actor, params.slug)),
    endpoint(routes.discoverSso, async ({ actor, body }) => discoverIssuer(deps, actor, body)),
    endpoint(routes.saveSsoMapping, async ({ actor, params, body, call }) =>
      saveMapping(deps, actor, { slug: params.slug, mapping: body, origin: call.origin }),
    ),
    endpoint(routes.dryRunSso, async ({ actor, params, body }) => dryRun(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.listSsoLinks, async ({ actor, params, query }) => listLinks(deps, actor, { slug: params.slug, page: query })),
    endpoint(routes.removeSsoLink, async ({ actor, params }) => removeLink(deps, actor, params)),
  ];
}
