import { InvalidInput } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { expression } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const flowPlan = defineStep({
  type: 'flow.plan',
  version: 1,
  ui: { title: 'Steps decided on now', group: 'Flow', icon: 'route', summary: '{{steps}}' },
  description:
    'Runs steps that are found out while the flow runs: the expression gives a map of steps as a flow document has them, for example the value of a step before it. They run below this one and see its parameters and results. What is no sound set of steps fails the step, with the fault named.',
  config: z.strictObject({
    steps: expression({ title: 'Steps', description: 'CEL that gives a map of steps', examples: ['steps.decide.value.steps'] }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  starts: 'steps',
  examples: [{ title: 'What an earlier step decided', config: { steps: 'steps.decide.value.data.steps' } }],
  async run({ steps }, ctx) {
    const found = ctx.evaluate(steps);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { children: { steps: found as Record<string, unknown> } };
    throw new InvalidInput('flow.made_steps', `"${steps.slice(0, 200)}" gives no map of steps.`, {
      hint: 'It must be like `steps` of a flow document: { first: { use: ... } }.',
    });
  },
});
