import { showWhy } from '@tidewheel/contract/routes/run-why';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { type WhyDependencies, whyOfRun } from './why.service.ts';

export function whyEndpoints(deps: WhyDependencies): Endpoint[] {
  return [endpoint(showWhy, async ({ actor, params }) => whyOfRun(deps, actor, params.id))];
}
