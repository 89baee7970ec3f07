import { defineStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';

export const triggerEvent = defineStep({
  type: 'trigger.event',
  version: 1,
  ui: { title: 'What started the run', group: 'Flow', icon: 'webhook', summary: 'The event of the trigger' },
  description:
    'Hands on the event with which a trigger started this run: its fields as the value, and files that came with it (attachments of a mail) as files. The files of a file trigger are read from their connection: `each: steps.event.value.files`, then file.read with `{{ item.path }}`. In a run that no trigger started the value is null, and there are no files.',
  config: z.strictObject({}),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'file',
  output: z.record(z.string(), z.unknown()).nullable(),
  examples: [{ title: 'The event', config: {} }],
  async run(_config, ctx) {
    const event = await ctx.event();
    if (!event) {
      ctx.log.info('No trigger started this run.');
      return { value: null };
    }
    for (const file of event.files) ctx.log.info(`${file.name}: ${file.size} bytes, SHA-256 ${file.sha256}.`);
    return { value: event.data, files: event.files };
  },
});
