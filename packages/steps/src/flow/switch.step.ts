import { StepId } from '@tidewheel/contract/identifiers';
import { defineStep } from '@tidewheel/kit/define-step';
import { expression } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { truthOf } from './truth.ts';

export const flowSwitch = defineStep({
  type: 'flow.switch',
  version: 1,
  ui: { title: 'Switch', group: 'Flow', icon: 'arrows-split', summary: 'between {{cases}}' },
  description:
    'Chooses between several branches. Each case has a name and a condition; the first that is true is taken, or with `all` each of them, and `otherwise` when none is. Steps say `after: <this>.<name>`; those after branches that were not taken are skipped. The value is `{ branches }`.',
  config: z.strictObject({
    cases: z
      .record(StepId, expression({ title: 'Condition', examples: ['region == "EU"'] }))
      .refine((cases) => Object.keys(cases).length > 0, 'needs at least one case')
      .meta({ title: 'Cases', description: 'Branch name to condition (CEL), looked at in this order', widget: 'json' }),
    all: z.boolean().default(false).meta({ title: 'Take all that are true', description: 'Instead of the first one only' }),
    otherwise: StepId.default('otherwise').meta({ title: 'Otherwise', description: 'The branch that is taken when no condition is true' }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({ branches: z.array(z.string()) }),
  branches: ({ cases, otherwise }) => [...new Set([...Object.keys(cases), otherwise])],
  examples: [{ title: 'By size', config: { cases: { large: 'steps.trades.rows > 100000', small: 'steps.trades.rows > 0' }, otherwise: 'empty' } }],
  async run({ cases, all, otherwise }, ctx) {
    const taken: string[] = [];
    for (const [name, condition] of Object.entries(cases)) {
      if (!truthOf(ctx.evaluate(condition), condition)) continue;
      taken.push(name);
      if (!all) break;
    }
    const branches = taken.length > 0 ? taken : [otherwise];
    ctx.log.info(`It takes ${branches.length === 1 ? 'the branch' : 'the branches'} ${branches.join(', ')}.`);
    return { value: { branches }, branches };
  },
});
