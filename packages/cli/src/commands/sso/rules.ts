import { saveSsoMapping, showSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { readMapping } from './mapping-file.ts';
import { printMapping } from './provider-text.ts';

export function ssoRules() {
  return command('rules', {
    summary: 'Show or set the rules that give roles',
    description: 'With --json it prints them as --set takes them. In each workspace the first rule that fits decides.',
    examples: [
      ['tidewheel sso rules acme --json > rules.json', 'to change them in an editor'],
      ['tidewheel sso rules acme --set rules.json', 'they hold from the next sign-in of each person on'],
    ],
  })
    .argument('<provider>', 'its name')
    .option('--set <file>', 'JSON; - for stdin')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const provider =
        options.set === undefined
          ? await client.call(showSsoProvider, { params: { slug } })
          : await client.call(saveSsoMapping, { params: { slug }, body: await readMapping(options.set) });
      context.print.result(provider.mapping, () => printMapping(context.print, provider.mapping, provider.groupsClaim));
    });
}
