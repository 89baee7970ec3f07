import { defineStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';

export const flowSteps = defineStep({
  type: 'flow.steps',
  version: 1,
  ui: { title: 'Group of steps', group: 'Flow', icon: 'box-multiple', summary: '' },
  description:
    'Runs the steps written inside it (`steps`), as a run below this one: once, with `each` for every item, or with `repeat` until a condition is true. Steps inside see the results of those around the group, `item` and `index` or `iteration` and `last`. The value is that of the last step inside, or by name when there are several.',
  config: z.strictObject({}),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  starts: 'inside',
  examples: [{ title: 'Its steps stand beside `with`, under `steps`', config: {} }],
  async run() {
    return { children: { inside: true } };
  },
});
