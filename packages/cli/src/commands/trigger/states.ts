// Pausing a trigger and the like: one call each.
import { archiveTrigger, pauseTrigger, restoreTrigger, resumeTrigger } from '@tidewheel/client/routes';
import type { Trigger } from '@tidewheel/contract/trigger';
import { command, contextOf } from '../../command.ts';

type Context = ReturnType<typeof contextOf>;

function tell({ print }: Context, trigger: Trigger, what: string): void {
  print.result(trigger, () => print.line(`Trigger ${trigger.slug} is ${what}.`));
}

export function triggerPause() {
  return command('pause', {
    summary: 'Pause a trigger',
    examples: [['tidewheel trigger pause new-trades', 'what comes meanwhile is found later; a webhook refuses it']],
  })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      tell(context, await (await context.client()).call(pauseTrigger, { params: { slug } }), 'paused');
    });
}

export function triggerResume() {
  return command('resume', { summary: 'Let a paused trigger go on', examples: [['tidewheel trigger resume new-trades', 'it looks at once']] })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      tell(context, await (await context.client()).call(resumeTrigger, { params: { slug } }), 'active');
    });
}

export function triggerArchive() {
  return command('archive', {
    summary: 'Archive a trigger',
    examples: [['tidewheel trigger archive prices-came', 'it starts nothing any more; its history stays']],
  })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      tell(context, await (await context.client()).call(archiveTrigger, { params: { slug } }), 'archived');
    });
}

export function triggerRestore() {
  return command('restore', {
    summary: 'Restore an archived trigger, paused',
    examples: [['tidewheel trigger restore prices-came', 'a webhook needs a new secret']],
  })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      tell(context, await (await context.client()).call(restoreTrigger, { params: { slug } }), 'restored, and paused');
    });
}
