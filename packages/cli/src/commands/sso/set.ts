import { updateSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { changeOf, providerOptions } from './provider-options.ts';
import { printProvider } from './provider-text.ts';

export function ssoSet() {
  const own = providerOptions();
  return command('set', {
    summary: 'Change some settings of a provider; the others stay',
    description: 'The client secret must be given again when issuer, certificate or client id change. Switching a provider off ends the sessions it made.',
    examples: [
      ['tidewheel sso set acme --provision on --domains acme.example,acme.org', 'people of these domains get an account'],
      ['tidewheel sso set acme --enabled off', 'off the sign-in page'],
    ],
  })
    .argument('<provider>', 'its name')
    .addOption(own.title)
    .addOption(own.issuer)
    .addOption(own.clientId)
    .addOption(own.clientSecret)
    .addOption(own.scopes)
    .addOption(own.domains)
    .addOption(own.emailTrust)
    .addOption(own.provision)
    .addOption(own.linkByEmail)
    .addOption(own.groupsClaim)
    .addOption(own.secondFactor)
    .addOption(own.factorValues)
    .addOption(own.endSession)
    .addOption(own.certificate)
    .addOption(own.enabled)
    .addOption(own.position)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = await changeOf(options);
      printProvider(context.print, await (await context.client()).call(updateSsoProvider, { params: { slug }, body }));
    });
}
