import { listServiceAccounts } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function serviceAccountList() {
  return command('list', {
    summary: 'List the service accounts of your workspace',
    examples: [['tidewheel service-account list', 'when each was last used, and when its first key ends']],
  }).action(async (options) => {
    const context = contextOf(options);
    const all = await (await context.client()).call(listServiceAccounts);
    context.print.result(all, () => {
      if (all.length === 0) return context.print.note('No service accounts.');
      context.print.table(
        [
          { title: 'Account', value: (one) => one.slug, whole: true },
          { title: 'Title', value: (one) => one.title },
          { title: 'Role', value: (one) => one.role, whole: true },
          { title: 'Owner', value: (one) => one.owner ?? '-', optional: true },
          { title: 'Keys', value: (one) => String(one.keys), align: 'right' },
          { title: 'Last used', value: (one) => instant(one.lastUsedAt), whole: true },
          { title: 'Next key ends', value: (one) => instant(one.nextExpiry), whole: true },
          { title: 'State', value: (one) => (one.suspendedAt === null ? '' : 'suspended'), whole: true },
        ],
        all,
      );
    });
  });
}
