import { createSsoProvider } from '@tidewheel/client/routes';
import { contextOf } from '../../command.ts';
import { changeOf, providerCommand } from './provider-options.ts';
import { printProvider } from './provider-text.ts';

export function ssoAdd() {
  return providerCommand('add', {
    provider: ['<name>', 'part of the redirect URI, for good'],
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
  }).action(async (slug, options) => {
    const context = contextOf(options);
    const { title = '', issuer = '', clientId = '', ...rest } = await changeOf(options);
    const body = { slug, title, issuer, clientId, ...rest };
    printProvider(context.print, await (await context.client()).call(createSsoProvider, { body }));
  });
}
