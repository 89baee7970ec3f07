import type { Rate, SecuritySettings } from '@tidewheel/contract/routes/security';
import type { Printer } from '../../output/printer.ts';

export function printSecurity(print: Printer, settings: SecuritySettings): void {
  const { rates, corsOrigins, egressAllow, egressAllowFixed } = settings;
  print.result(settings, () => {
    print.line(`Requests without sign-in   ${rateText(rates.open)} of each address`);
    print.line(`Signed-in requests         ${rateText(rates.signedIn)} of each user or key`);
    print.line(`Expensive requests         ${rateText(rates.expensive)} of each user or key`);
    print.line(`Messages of live channels  ${rateText(rates.messages)} of each channel`);
    if (!settings.ratesEnforced) print.line('                           not enforced: TIDEWHEEL_RATE_LIMITS=off');
    print.line(`Largest upload             ${settings.uploadMaxBytes.toLocaleString('en')} bytes`);
    print.line(`Uploads at once            ${settings.uploadsPerWorkspace} of each workspace`);
    print.line(`Web sites that may call    ${corsOrigins.join(', ') || 'none but our own'}`);
    print.line(`Connections may also go to ${[...egressAllow, ...egressAllowFixed.map((line) => `${line} (TIDEWHEEL_EGRESS_ALLOW)`)].join(', ') || 'nothing'}`);
  });
}

function rateText({ perSecond, burst }: Rate): string {
  return `${perSecond}/s, ${burst} at once`;
}
