import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { checkEgress } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';

export function securityCheck() {
  return command('check', {
    summary: 'Whether a connection to a host would be let out, without making it',
    description: 'Ends with 1 when it would be refused.',
    examples: [
      ['tidewheel security check idp.corp.example', 'as for a sign-in provider or webhook'],
      ['tidewheel security check db.internal --port 5432 --as host', 'as for a connection that somebody entered'],
    ],
  })
    .argument('<host>', 'name or address')
    .option('--port <n>', 'its port', port, 443)
    .addOption(new Option('--as <kind>', 'who names it').choices(['http', 'host'] as const).default('http' as const))
    .action(async (host, options) => {
      const context = contextOf(options);
      const answer = await (await context.client()).call(checkEgress, { body: { host, port: options.port, class: options.as } });
      context.print.result(answer, () => context.print.line(answer.allowed ? `Allowed: ${answer.addresses.join(', ')}` : `Refused: ${answer.reason}`));
      if (!answer.allowed) throw new CommandFailed(exitCodes.failed);
    });
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535) throw new InvalidArgumentError('It must be a port from 1 to 65535.');
  return number;
}
