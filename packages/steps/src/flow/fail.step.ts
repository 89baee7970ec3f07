import { Conflict } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const flowFail = defineStep({
  type: 'flow.fail',
  version: 1,
  ui: { title: 'Fail', group: 'Flow', icon: 'circle-x', summary: '{{message}}' },
  description: 'Fails with a message: where a branch or a condition finds what must not be. Whatever comes after it is skipped, and the run fails.',
  config: z.strictObject({ message: template({ title: 'Message', examples: ['No prices came for {{ today }}.'] }) }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'none',
  examples: [{ title: 'Nothing came', config: { message: 'No prices came for {{ today }}.' } }],
  async run({ message }) {
    throw new Conflict('flow.failed', message, { hint: 'The flow itself says so: see its step flow.fail.' });
  },
});
