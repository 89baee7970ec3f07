import { defineChannel } from '@tidewheel/kit/define-channel';
import { z } from 'zod';

export const email = defineChannel({
  type: 'email',
  via: 'mail',
  title: 'E-mail',
  icon: 'mail',
  description: 'A mail to each recipient, by the mail server of this installation (Admin > Mail). Sent at least once, always under the same Message-ID.',
  config: z.strictObject({}),
  secret: null,
  examples: [{ title: 'By the mail server of the installation', config: {} }],
});
