import { askEmailChange, updateProfile, whoAmI } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../command.ts';
import { ask } from '../input.ts';

export function profile() {
  return command('profile', {
    summary: 'Change your name or your e-mail address',
    description: 'A new address counts once you used the link that is mailed to it. Asks for your password then.',
    examples: [
      ['tidewheel profile --name "Ana Silva"', 'how others see you'],
      ['tidewheel profile --email ana@example.org', 'mails a link to the new address'],
    ],
  })
    .option('--name <name>', 'your new name')
    .option('--email <address>', 'your new address')
    .action(async (options) => {
      const context = contextOf(options);
      const { name, email } = options;
      if (name === undefined && email === undefined) throw new InvalidInput('input.what', 'What is to change?', { hint: 'Give --name or --email.' });
      const client = await context.client();
      if (email !== undefined) await client.call(askEmailChange, { body: { email, password: await ask('Your password:', { hidden: true }) } });
      const me = name === undefined ? await client.call(whoAmI) : await client.call(updateProfile, { body: { name } });
      context.print.result({ ...me, mailedTo: email ?? null }, () => {
        if (name !== undefined) context.print.line(`You are called ${me.name} now.`);
        if (email !== undefined) context.print.line(`A link is on its way to ${email}: your address changes when you use it.`);
      });
    });
}
