import { updateSsoProvider } from '@tidewheel/client/routes';
import { contextOf } from '../../command.ts';
import { changeOf, providerCommand } from './provider-options.ts';
import { printProvider } from './provider-text.ts';

export function ssoSet() {
  return providerCommand('set', {
    provider: ['<provider>', 'its name'],
    summary: 'Change some settings of a provider; the others stay',
    description: 'The client secret must be given again when issuer, certificate or client id change. Switching a provider off ends the sessions it made.',
    examples: [
      ['tidewheel sso set acme --provision on --domains acme.example,acme.org', 'people of these domains get an account'],
      ['tidewheel sso set acme --enabled off', 'off the sign-in page'],
    ],
  }).action(async (slug, options) => {
    const context = contextOf(options);
    const body = await changeOf(options);
    printProvider(context.print, await (await context.client()).call(updateSsoProvider, { params: { slug }, body }));
  });
}
