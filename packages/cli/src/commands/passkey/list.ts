import { listPasskeys } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function passkeyList() {
  return command('list', {
    summary: 'List your passkeys',
    examples: [['tidewheel passkey list', 'with their last use']],
  }).action(async (options) => {
    const context = contextOf(options);
    const passkeys = await (await context.client()).call(listPasskeys);
    context.print.result(passkeys, () => {
      if (passkeys.length === 0) return context.print.note('No passkeys. Make one in a browser, on the profile page.');
      context.print.table(
        [
          { title: 'Passkey', value: (passkey) => passkey.id, whole: true },
          { title: 'Title', value: (passkey) => (passkey.usable ? passkey.title : `${passkey.title} (made for another address of this server)`) },
          { title: 'Kept', value: (passkey) => (passkey.backedUp ? 'on several devices' : 'on one device'), whole: true, optional: true },
          { title: 'Created', value: (passkey) => instant(passkey.createdAt), whole: true, optional: true },
          { title: 'Last used', value: (passkey) => instant(passkey.lastUsedAt), whole: true },
        ],
        passkeys,
      );
    });
  });
}
