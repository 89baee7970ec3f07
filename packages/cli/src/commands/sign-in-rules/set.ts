import { Option } from '@commander-js/extra-typings';
import { updateSignInRules } from '@tidewheel/client/routes';
import type { Role } from '@tidewheel/contract/access';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { printRules } from './rules-text.ts';

export function rulesSet() {
  return command('set', {
    summary: 'Change some of the rules; they hold at once',
    examples: [
      ['tidewheel sign-in-rules set --idle-minutes 60 --max-sessions 3', 'the others stay'],
      ['tidewheel sign-in-rules set --self-registration on --registration-role viewer', 'needs a mail server'],
    ],
  })
    .option('--min-password-length <n>', 'of passwords made from now on, 12 to 64', positiveCount)
    .option('--idle-minutes <n>', 'after which an unused session has ended, 5 to 10080', positiveCount)
    .option('--max-sessions <n>', 'of a user at once, 1 to 100', positiveCount)
    .option('--second-factor-roles <roles>', 'roles that must set up a second factor, by commas; none for nobody', roleList)
    .addOption(new Option('--email-code <state>', 'whether a code by mail counts as a second factor').choices(['on', 'off'] as const))
    .addOption(new Option('--self-registration <state>', 'whether people may make an account themselves').choices(['on', 'off'] as const))
    .option('--registration-role <role>', 'the role of such an account; not admin')
    .action(async (options) => {
      const context = contextOf(options);
      const { minPasswordLength, idleMinutes, maxSessions, registrationRole, secondFactorRoles } = options;
      const selfRegistration = options.selfRegistration === undefined ? undefined : options.selfRegistration === 'on';
      const emailCodeAllowed = options.emailCode === undefined ? undefined : options.emailCode === 'on';
      const body = { emailCodeAllowed, minPasswordLength, idleMinutes, maxSessions, registrationRole, secondFactorRoles, selfRegistration };
      printRules(context.print, await (await context.client()).call(updateSignInRules, { body }));
    });
}

function roleList(text: string): Role[] {
  return text === 'none' ? [] : text.split(',').map((name) => name.trim());
}
