import { defineStep } from '@tidewheel/kit/define-step';
import { expression } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const flowValue = defineStep({
  type: 'flow.value',
  version: 1,
  ui: { title: 'Value', group: 'Flow', icon: 'variable', summary: '{{value}}' },
  description: 'Gives a value: of an expression over parameters, the results of steps before it, and of an item. Other steps read it as `steps.<this>.value`.',
  config: z.strictObject({
    value: expression({ title: 'Value', description: 'CEL', examples: ['steps.trades.rows * 2', '{"desk": item, "day": today}'] }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  pure: true,
  examples: [{ title: 'A name for the file', config: { value: '"trades-" + today' } }],
  async run({ value }, ctx) {
    return { value: ctx.evaluate(value) };
  },
});
