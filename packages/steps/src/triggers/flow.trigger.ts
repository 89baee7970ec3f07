import { Slug } from '@tidewheel/contract/identifiers';
import { defineToldTrigger } from '@tidewheel/kit/define-trigger';
import { z } from 'zod';

export const FlowEndConfig = z.strictObject({
  flows: z
    .array(Slug.meta({ widget: 'flow' }))
    .min(1)
    .max(50)
    .meta({ title: 'Flows', description: 'The end of a run of any of these fires; tests of drafts, dry runs and runs below others do not' }),
  outcomes: z
    .array(z.enum(['succeeded', 'failed', 'cancelled']))
    .min(1)
    .max(3)
    .default(['succeeded'])
    .meta({ title: 'Outcomes' }),
});
export type FlowEndConfig = z.output<typeof FlowEndConfig>;

export const flowTrigger = defineToldTrigger({
  kind: 'flow',
  how: 'end',
  title: 'End of another flow',
  icon: 'arrows-join',
  description: 'Fires when a run of another flow ends, once for each run. Its condition can look at the parameters and outputs of that run.',
  config: FlowEndConfig,
  event: z.object({
    run: z.object({
      id: z.string(),
      number: z.number(),
      flow: z.string(),
      state: z.enum(['succeeded', 'failed', 'cancelled']),
      parameters: z.record(z.string(), z.unknown()),
      output: z.record(z.string(), z.unknown()).nullable().describe('The outputs that its flow declares, when it succeeded'),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
      startedBy: z.string(),
      finishedAt: z.string(),
    }),
  }),
  examples: [{ title: 'After the load of the day', config: { flows: ['load-trades'] } }],
});
