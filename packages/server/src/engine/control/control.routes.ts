import * as routes from '@tidewheel/contract/routes/engine';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { ControlService } from './control.service.ts';

export function controlEndpoints({ control }: { control: ControlService }): Endpoint[] {
  return [
    endpoint(routes.showEngine, async ({ actor }) => control.showEngine(actor)),
    endpoint(routes.pauseEngine, async ({ actor, body }) => control.pauseEngine(actor, body.reason ?? null)),
    endpoint(routes.resumeEngine, async ({ actor }) => control.resumeEngine(actor)),
    endpoint(routes.drainWorker, async ({ actor, params }) => control.drainWorker(actor, params.id)),
    endpoint(routes.undrainWorker, async ({ actor, params }) => control.undrainWorker(actor, params.id)),
  ];
}
