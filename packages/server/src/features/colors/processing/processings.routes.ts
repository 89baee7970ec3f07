// HTTP only: joins the routes of processings with their services.
import * as routes from '@tidewheel/contract/routes/color-processings';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { explainColor, listColors, listProcessings, type ProcessingDeps, showProcessing } from './processings.service.ts';

export function colorProcessingEndpoints(deps: ProcessingDeps): Endpoint[] {
  return [
    endpoint(routes.listColorProcessings, ({ actor, query }) => listProcessings(deps, actor, query)),
    endpoint(routes.showColorProcessing, ({ actor, params }) => showProcessing(deps, actor, params.number)),
    endpoint(routes.listProcessedColors, ({ actor, params, query }) => listColors(deps, actor, { ...query, number: params.number })),
    endpoint(routes.explainProcessedColor, ({ actor, params }) => explainColor(deps, actor, params)),
  ];
}
