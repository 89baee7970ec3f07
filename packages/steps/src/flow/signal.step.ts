import { TimedOut } from '@tidewheel/contract/errors';
import { StepId } from '@tidewheel/contract/identifiers';
import { defineStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { duration, untilAfter } from './flow-values.ts';

export const flowSignal = defineStep({
  type: 'flow.signal',
  version: 1,
  ui: { title: 'Wait for a signal', group: 'Flow', icon: 'bell-ringing', summary: '{{name}}' },
  description:
    'Waits until somebody sends the run a signal of this name: `POST /api/runs/{id}/signals/{name}`, `tidewheel run signal`, or the button on the page of the run. A signal that came before counts. The value is `{ data, by, at }`: what was sent, by whom, when. No worker is taken meanwhile. With `within` the step fails when the time is over.',
  config: z.strictObject({
    name: StepId.meta({ title: 'Name', examples: ['pricesAreFinal'] }),
    within: duration('Within', 'It fails when nothing came in this time').optional(),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({ data: z.unknown(), by: z.string().nullable(), at: z.string() }),
  examples: [{ title: 'Until the desk says so', config: { name: 'pricesAreFinal', within: '4h' } }],
  async run({ name, within }, ctx) {
    const until = await untilAfter(ctx, { field: 'within', text: within });
    return { wait: { kind: 'signal', name, reason: `waits for the signal ${name}`, until } };
  },
  async resume({ name, within }, _ctx, { by, answer, who, at }) {
    if (by === 'time')
      throw new TimedOut('signal.missing', `the signal ${name} did not come within ${within}`, { hint: 'Send it earlier, or allow more time.' });
    return { value: { data: answer, by: who, at: at.toISOString() } };
  },
});
