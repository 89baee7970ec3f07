import * as routes from '@tidewheel/contract/routes/run-items';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { Databases } from '../../storage/database.ts';
import { compareItems } from './run-items.service.ts';

export function runItemEndpoints(deps: { databases: Databases }): Endpoint[] {
  return [endpoint(routes.compareItems, ({ actor, params, query }) => compareItems(deps, actor, { run: params.id, step: params.step, ...query }))];
}
