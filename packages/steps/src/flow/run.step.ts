import { Slug } from '@tidewheel/contract/identifiers';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const flowRun = defineStep({
  type: 'flow.run',
  version: 1,
  ui: { title: 'Run a flow', group: 'Flow', icon: 'sitemap', summary: '{{flow}}' },
  description:
    'Runs another flow of the workspace, in its newest version, as a run below this one. Its value is what that flow declares under `outputs`. Parameters that are text alone may be expressions: `"{{ item }}"`; numbers and true or false are given as they are. Without `wait` the step ends as soon as the run is started, with `{ run, number }`. A flow whose runs may not overlap is waited for in line. Runs are nested at most 20 deep.',
  config: z.strictObject({
    flow: Slug.meta({ title: 'Flow', widget: 'flow', examples: ['load-prices'] }),
    parameters: z
      .record(z.string(), z.union([template({ title: 'Value' }), z.number(), z.boolean()]))
      .default({})
      .meta({ title: 'Parameters', description: 'Of the flow, by name', widget: 'json' }),
    wait: z.boolean().default(true).meta({ title: 'Wait for its end' }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  starts: 'flow',
  examples: [{ title: 'Prices of one desk', config: { flow: 'load-prices', parameters: { desk: '{{ item }}' } } }],
  async run({ flow, parameters, wait }) {
    return { children: { flow: { slug: flow, parameters, waits: wait } } };
  },
});
