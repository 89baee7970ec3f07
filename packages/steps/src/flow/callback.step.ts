import { TimedOut } from '@tidewheel/contract/errors';
import { StepId } from '@tidewheel/contract/identifiers';
import { defineStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { duration, untilAfter } from './flow-values.ts';

export const flowCallback = defineStep({
  type: 'flow.callback',
  version: 1,
  ui: { title: 'Wait for a callback', group: 'Flow', icon: 'webhook', summary: '{{name}}' },
  description:
    'Waits until an outside system calls back: `POST {{ run.callback }}/<name>` with a JSON body of at most 64 KB. The address carries its own proof, so whoever gets it needs no account; give it to nobody else. A call that came before counts. The value is `{ data, at }`. No worker is taken meanwhile. With `within` the step fails when the time is over.',
  config: z.strictObject({
    name: StepId.meta({ title: 'Name', description: 'The end of the address', examples: ['done'] }),
    within: duration('Within', 'It fails when nobody called in this time').optional(),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({ data: z.unknown(), at: z.string() }),
  examples: [{ title: 'Until the job elsewhere is done', config: { name: 'done', within: '2h' } }],
  async run({ name, within }, ctx) {
    const until = await untilAfter(ctx, { field: 'within', text: within });
    return { wait: { kind: 'callback', name, reason: `waits for a call to the address that ends with /${name}`, until } };
  },
  async resume({ name, within }, _ctx, { by, answer, at }) {
    if (by === 'time')
      throw new TimedOut('callback.missing', `nobody called back at /${name} within ${within}`, {
        hint: 'Look at the system that was to call, or allow more time.',
      });
    return { value: { data: answer, at: at.toISOString() } };
  },
});
