// HTTP only: joins the routes of the contract with the verbs.
import * as routes from '@tidewheel/contract/routes/triggers';
import { type Endpoint, endpoint, type RawBody } from '../../base/endpoint.ts';
import { changeTriggers } from './bulk.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { listEvents, replayEvent } from './trigger-history.service.ts';
import { setSecret } from './trigger-secret.service.ts';
import { testTrigger } from './trigger-test.service.ts';
import {
  archiveTrigger,
  createTrigger,
  listTriggerKinds,
  listTriggers,
  pauseTrigger,
  restoreTrigger,
  resumeTrigger,
  showTrigger,
  updateTrigger,
} from './triggers.service.ts';
import type { Hooks } from './webhook/receive.ts';

export function triggerEndpoints({ hooks, ...deps }: TriggerDeps & { hooks: Hooks }): Endpoint[] {
  return [
    endpoint(routes.listTriggerKinds, async ({ actor }) => listTriggerKinds(deps, actor)),
    endpoint(routes.listTriggers, ({ actor, query }) => listTriggers(deps, actor, query)),
    endpoint(routes.showTrigger, ({ actor, params }) => showTrigger(deps, actor, params.slug)),
    endpoint(routes.createTrigger, ({ actor, body }) => createTrigger(deps, actor, body)),
    endpoint(routes.updateTrigger, ({ actor, params, body }) => updateTrigger(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.pauseTrigger, ({ actor, params }) => pauseTrigger(deps, actor, params.slug)),
    endpoint(routes.resumeTrigger, ({ actor, params }) => resumeTrigger(deps, actor, params.slug)),
    endpoint(routes.archiveTrigger, ({ actor, params }) => archiveTrigger(deps, actor, params.slug)),
    endpoint(routes.restoreTrigger, ({ actor, params }) => restoreTrigger(deps, actor, params.slug)),
    endpoint(routes.changeTriggers, ({ actor, body }) => changeTriggers(deps, actor, body)),
    endpoint(routes.setTriggerSecret, ({ actor, params, body }) => setSecret(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.testTrigger, ({ actor, params, call }) => testTrigger(deps, actor, { slug: params.slug, signal: call.signal })),
    endpoint(routes.listTriggerEvents, ({ actor, params, query }) => listEvents(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.replayTriggerEvent, ({ actor, params }) => replayEvent(deps, actor, params)),
    endpoint(routes.receiveHook, async ({ params, query, body, call }) => {
      const { status, ...answer } = await hooks.receive({
        id: params.id,
        headers: call.headers,
        query: textsOf(query),
        body: body as RawBody,
        signal: call.signal,
      });
      call.setStatus(status);
      return answer;
    }),
  ];
}

/** A name that comes several times has its last value. */
function textsOf(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]));
}
