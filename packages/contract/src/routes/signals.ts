// How something from outside lets a waiting step go on: a signal of somebody who is signed in, a callback of a system that got the address.
import { z } from 'zod';
import { Id, StepId } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

export const SignalTaken = z
  .object({
    step: StepId.nullable().describe('The step that goes on with it; null: it is kept until one waits for it'),
    kept: z.boolean(),
  })
  .meta({ id: 'SignalTaken' });
export type SignalTaken = z.infer<typeof SignalTaken>;

export const sendSignal = defineRoute({
  name: 'run.signal',
  method: 'POST',
  path: '/api/runs/{id}/signals/{name}',
  tag: 'Runs',
  access: 'flow.run',
  status: 202,
  summary: 'Send a run a signal: the step that waits longest for one of this name goes on',
  description: 'A signal that no step waits for yet is kept; of one run 100 are. The body, any JSON of at most 64 KB, becomes `value.data` of the step.',
  params: z.object({ id: Id, name: StepId }),
  body: z.unknown(),
  response: SignalTaken,
});
export const showCallback = defineRoute({
  name: 'run.callbackAddress',
  method: 'GET',
  path: '/api/runs/{id}/callbacks/{name}',
  tag: 'Runs',
  access: 'flow.run',
  summary: 'The address at which a run is called back, for whoever has to hand it on',
  params: z.object({ id: Id, name: StepId }),
  response: z.object({ url: z.string() }),
});
export const callBack = defineRoute({
  name: 'run.callback',
  method: 'POST',
  path: '/api/callbacks/{token}/{name}',
  tag: 'Runs',
  access: 'open',
  status: 202,
  summary: 'Call a run back, by the address that it gave away',
  description:
    'Needs no account: `token` is `run.callback` of the run and proves itself. The body, any JSON of at most 64 KB or none, becomes `value.data` of the step that waits, or is kept until one does.',
  params: z.object({ token: z.string().max(200), name: z.string().max(200) }),
  body: z.unknown(),
  response: z.object({ received: z.literal(true) }),
});
