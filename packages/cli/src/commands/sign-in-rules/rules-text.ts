import type { SignInRules } from '@tidewheel/contract/routes/sign-in';
import type { Printer } from '../../output/printer.ts';

export function printRules(print: Printer, rules: SignInRules): void {
  print.result(rules, () => {
    print.line(`Shortest new password   ${rules.minPasswordLength} characters`);
    print.line(`Unused sessions end     after ${rules.idleMinutes} minutes`);
    print.line(`Sessions of a user      at most ${rules.maxSessions}`);
    print.line(`Second factor required  ${rules.secondFactorRoles.length === 0 ? 'of nobody' : `of ${rules.secondFactorRoles.join(', ')}`}`);
    print.line(`Codes by mail           ${rules.emailCodeAllowed ? 'count as a second factor' : 'off'}`);
    print.line(`Self-registration       ${rules.selfRegistration ? `on, as ${rules.registrationRole}` : 'off'}`);
  });
}
