import { discoverSso, showSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function ssoCheck() {
  return command('check', { summary: 'Ask a provider what it can do', examples: [['tidewheel sso check acme', 'fails with why it cannot be used']] })
    .argument('<provider>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { issuer, certificateAuthority } = await client.call(showSsoProvider, { params: { slug } });
      const found = await client.call(discoverSso, { body: { issuer, certificateAuthority } });
      context.print.result(found, () => {
        context.print.line(`Issuer           ${found.issuer}`);
        context.print.line(`Signs with       ${found.signingAlgorithms.join(', ')}`);
        context.print.line(`User info        ${found.userInfo ? 'yes' : 'no'}`);
        context.print.line(`Signs out there  ${found.endSession ? 'yes' : 'no'}`);
        context.print.line(`Names itself     ${found.namesItself ? 'yes (RFC 9207)' : 'no'}`);
      });
    });
}
