// HTTP only: joins the routes of sources with their service.
import * as routes from '@tidewheel/contract/routes/color-sources';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { archiveSource, createSource, listSources, listVersions, type SourceDeps, showSource, updateSource } from './sources.service.ts';

export function colorSourceEndpoints(deps: SourceDeps): Endpoint[] {
  return [
    endpoint(routes.listColorSources, ({ actor }) => listSources(deps, actor)),
    endpoint(routes.createColorSource, ({ actor, body }) => createSource(deps, actor, body)),
    endpoint(routes.showColorSource, ({ actor, params }) => showSource(deps, actor, params.slug)),
    endpoint(routes.updateColorSource, ({ actor, params, body }) => updateSource(deps, actor, { ...body, slug: params.slug })),
    endpoint(routes.archiveColorSource, ({ actor, params }) => archiveSource(deps, actor, params.slug)),
    endpoint(routes.listColorSourceVersions, ({ actor, params }) => listVersions(deps, actor, params.slug)),
  ];
}
