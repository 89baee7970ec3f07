import { deleteServiceAccount, restoreServiceAccount, suspendServiceAccount } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function serviceAccountSuspend() {
  return command('suspend', {
    summary: 'Suspend a service account: its keys stop working at once',
    examples: [['tidewheel service-account suspend nightly-loads', 'until it is restored']],
  })
    .argument('<slug>', 'the account')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const changed = await (await context.client()).call(suspendServiceAccount, { params: { slug } });
      context.print.result(changed, () => context.print.line(`${changed.slug} is suspended.`));
    });
}

export function serviceAccountRestore() {
  return command('restore', {
    summary: 'Let a suspended service account in again',
    examples: [['tidewheel service-account restore nightly-loads', 'its keys work as before']],
  })
    .argument('<slug>', 'the account')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const changed = await (await context.client()).call(restoreServiceAccount, { params: { slug } });
      context.print.result(changed, () => context.print.line(`${changed.slug} works again.`));
    });
}

export function serviceAccountDelete() {
  return command('delete', {
    summary: 'Delete a service account with its keys and grants',
    examples: [['tidewheel service-account delete nightly-loads', 'the audit trail keeps what it did']],
  })
    .argument('<slug>', 'the account')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const answer = await (await context.client()).call(deleteServiceAccount, { params: { slug } });
      context.print.result(answer, () => context.print.line(`${slug} is deleted.`));
    });
}
