import { showSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function factorShow() {
  return command('show', {
    summary: 'Show whether you have a second factor, and which',
    examples: [['tidewheel second-factor show', 'and how many recovery codes are left']],
  }).action(async (options) => {
    const context = contextOf(options);
    const factor = await (await context.client()).call(showSecondFactor);
    context.print.result(factor, () => {
      context.print.line(`Authenticator app  ${factor.app ? 'on' : 'off'}`);
      context.print.line(`Passkeys           ${factor.passkeys === 0 ? 'none' : factor.passkeys}`);
      context.print.line(`Codes by mail      ${factor.email.on ? 'on' : 'off'}${factor.email.fault === null ? '' : ` (${faults[factor.email.fault]})`}`);
      if (factor.on) context.print.line(`Recovery codes     ${factor.recoveryCodesLeft} left`);
      if (factor.required) context.print.note('Your role requires a second factor.');
    });
  });
}

const faults = {
  not_allowed: 'the rules of signing in do not allow them',
  not_confirmed: 'your address is not confirmed',
  no_mail: 'this installation has no mail server',
};
