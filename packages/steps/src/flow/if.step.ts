import { defineStep } from '@tidewheel/kit/define-step';
import { expression } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { truthOf } from './truth.ts';

export const flowIf = defineStep({
  type: 'flow.if',
  version: 1,
  ui: { title: 'If', group: 'Flow', icon: 'git-branch', summary: '{{condition}}' },
  description:
    'Chooses between two branches by a condition. Steps say `after: <this>.then` or `after: <this>.else`; those after the branch that was not taken are skipped, with all that needs them. Where the branches meet again, a step with `join: taken` goes on. The value is `{ branch }`. Refuses a condition that is neither true nor false.',
  config: z.strictObject({
    condition: expression({
      title: 'Condition',
      description: 'CEL over parameters and the results of the steps before it',
      examples: ['steps.trades.rows > 0'],
    }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({ branch: z.enum(['then', 'else']) }),
  branches: () => ['then', 'else'],
  examples: [{ title: 'Only when there is something', config: { condition: 'steps.trades.rows > 0' } }],
  async run({ condition }, ctx) {
    const branch = truthOf(ctx.evaluate(condition), condition) ? 'then' : 'else';
    ctx.log.info(`${condition} is ${branch === 'then'}: it takes the branch ${branch}.`);
    return { value: { branch }, branches: [branch] };
  },
});
