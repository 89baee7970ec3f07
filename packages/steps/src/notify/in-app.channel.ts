import { defineChannel } from '@tidewheel/kit/define-channel';
import { z } from 'zod';

export const inApp = defineChannel({
  type: 'in-app',
  via: 'inbox',
  title: 'In the pages',
  icon: 'bell',
  description: 'Behind the bell at the head of every page, at once, and in the list of notifications until it is read.',
  config: z.strictObject({}),
  secret: null,
  examples: [{ title: 'The bell', config: {} }],
});
