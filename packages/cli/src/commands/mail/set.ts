import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { updateMailSettings } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { readSecret, readText } from '../../input.ts';
import { printMailSettings } from './settings-text.ts';

export function mailSet() {
  return command('set', {
    summary: 'Set the mail server',
    description: 'A password that is left out stays as it is, as long as host, port, encryption, certificate and user do.',
    examples: [
      ['tidewheel mail set mail.example.org --from tidewheel@example.org --user tidewheel --password - < password.txt', 'STARTTLS on port 587'],
      ['tidewheel mail set 127.0.0.1 --port 25 --security none --from tidewheel@example.org', 'a relay on this machine'],
    ],
  })
    .argument('<host>', 'name or address of the SMTP server')
    .requiredOption('--from <address>', 'whom mails come from')
    .option('--from-name <name>', 'the name beside it', 'Tidewheel')
    .option('--port <n>', 'its port', port, 587)
    .addOption(new Option('--security <way>', 'how the connection is encrypted').choices(['starttls', 'tls', 'none'] as const).default('starttls' as const))
    .option('--certificate <file>', 'PEM of a private authority that signed its certificate')
    .option('--user <name>', 'as whom to sign in to it')
    .option('--password <source>', 'from stdin (-) or a file (@path); never the password itself')
    .action(async (host, options) => {
      const context = contextOf(options);
      const { from, fromName, port, security, user = null } = options;
      const password = options.password === undefined ? undefined : await readSecret(options.password, 'The password');
      const certificateAuthority = options.certificate === undefined ? null : await readText(options.certificate);
      const body = { host, port, security, certificateAuthority, user, password, from, fromName };
      printMailSettings(context.print, await (await context.client()).call(updateMailSettings, { body }));
    });
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535) throw new InvalidArgumentError('It must be a port from 1 to 65535.');
  return number;
}
