import { renamePasskey } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function passkeyRename() {
  return command('rename', {
    summary: 'Rename one of your passkeys',
    examples: [['tidewheel passkey rename 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b "Work laptop"', 'the name is for you alone']],
  })
    .argument('<passkey>', 'its id, as `tidewheel passkey list` shows it')
    .argument('<title>', 'its new name')
    .action(async (id, title, options) => {
      const context = contextOf(options);
      const renamed = await (await context.client()).call(renamePasskey, { params: { id }, body: { title } });
      context.print.result(renamed, () => context.print.line(`Renamed to ${renamed.title}.`));
    });
}
