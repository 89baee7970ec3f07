// An installation whose steps cannot mail.
import { Conflict } from '@tidewheel/contract/errors';
import type { MailPort } from './ports.ts';

export const noMail: MailPort = {
  of: () => ({
    runLink: async () => '',
    membersOf: async () => [],
    enqueue: async () => {
      throw new Conflict('mail.not_configured', 'Steps cannot mail here.', { hint: 'Set a mail server up under Admin > Mail.' });
    },
    sent: async () => [],
  }),
};
