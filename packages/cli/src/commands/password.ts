import { changePassword } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../command.ts';
import { ask } from '../input.ts';

export function passwordChange() {
  return command('password', {
    summary: 'Change your password',
    description: 'Asks on the terminal. Your sessions in browsers end; API tokens go on.',
    examples: [['tidewheel password', 'asks for the present and the new one']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.client();
    const current = await ask('Present password:', { hidden: true });
    const password = await ask('New password:', { hidden: true });
    if (password !== (await ask('New password again:', { hidden: true })))
      throw new InvalidInput('input.differs', 'The two new passwords differ', { hint: 'Nothing was changed.' });
    const changed = await client.call(changePassword, { body: { current, password } });
    context.print.result(changed, () => context.print.line(`Your password is changed; ${changed.ended} sessions ended.`));
  });
}
