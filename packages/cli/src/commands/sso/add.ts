import { createSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { changeOf, providerOptions } from './provider-options.ts';
import { printProvider } from './provider-text.ts';

export function ssoAdd() {
  const own = providerOptions();
  return command('add', {
    summary: 'Add a provider',
    description: 'Without a client secret it is a public client, with PKCE alone. The answer names the redirect URI to be registered at the provider.',
    examples: [
      [
        'tidewheel sso add acme --title Acme --issuer https://login.acme.example --client-id tidewheel --client-secret @secret.txt',
        'people link it themselves',
      ],
      [
        'tidewheel sso add acme --title Acme --issuer https://login.acme.example --client-id tidewheel --domains acme.example --provision on',
        'people of that domain get an account',
      ],
    ],
  })
    .argument('<name>', 'part of the redirect URI, for good')
    .addOption(own.title.makeOptionMandatory())
    .addOption(own.issuer.makeOptionMandatory())
    .addOption(own.clientId.makeOptionMandatory())
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
      const { title = '', issuer = '', clientId = '', ...rest } = await changeOf(options);
      const body = { slug, title, issuer, clientId, ...rest };
      printProvider(context.print, await (await context.client()).call(createSsoProvider, { body }));
    });
}
