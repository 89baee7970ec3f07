import type { MailSettings } from '@tidewheel/contract/routes/mail';
import type { Printer } from '../../output/printer.ts';
import { instant } from '../../output/text.ts';

const securities = { starttls: 'STARTTLS', tls: 'TLS', none: 'none' };

export function printMailSettings(print: Printer, settings: MailSettings): void {
  print.result(settings, () => {
    const { server } = settings;
    if (!server) return print.note('Mail is not configured; set it with `tidewheel mail set`.');
    print.line(`Server      ${server.host}:${server.port}`);
    print.line(`Encryption  ${securities[server.security]}${server.certificateAuthority ? ', own certificate authority' : ''}`);
    print.line(`User        ${server.user ?? '(none)'}${server.hasPassword ? ', with a password' : ''}`);
    print.line(`From        ${server.fromName ? `${server.fromName} <${server.from}>` : server.from}`);
    print.line(`Changed     ${instant(server.updatedAt)} by ${server.updatedBy}`);
  });
}
