import { listTriggerKinds } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { TriggerKindInfo } from '@tidewheel/contract/trigger';
import { command, contextOf } from '../../command.ts';
import { plain } from '../../output/text.ts';
import { schemaFields } from '../../schema-fields.ts';
import { printFields, printTypes } from '../../type-tables.ts';

export function triggerKinds() {
  return command('kinds', {
    summary: 'Show the kinds of triggers, their settings and what their event holds',
    examples: [
      ['tidewheel trigger kinds', 'all of them'],
      ['tidewheel trigger kinds file', 'the settings and the event of one'],
    ],
  })
    .argument('[kind]', 'only this kind, with its settings')
    .action(async (kind, options) => {
      const context = contextOf(options);
      const kinds = await (await context.client()).call(listTriggerKinds);
      if (kind === undefined) return context.print.result(kinds, () => printTypes(context.print, kinds.map(typed)));
      const found = kindOf(kinds, kind);
      context.print.result(found, () => {
        printFields(context.print, typed(found), { set: found.config, secret: {} });
        context.print.line('\nWhat expressions see of it:\n');
        for (const { name, type, text } of schemaFields(found.event)) context.print.line(`  event.${name} (${type})${text === '' ? '' : `: ${plain(text)}`}`);
      });
    });
}

function typed(kind: TriggerKindInfo) {
  return { ...kind, type: kind.kind };
}

/** @throws NotFound */
export function kindOf(kinds: TriggerKindInfo[], kind: string): TriggerKindInfo {
  const found = kinds.find((one) => one.kind === kind);
  if (found) return found;
  throw new NotFound('trigger.unknown_kind', `There is no kind of trigger "${kind}".`, { hint: `There is ${kinds.map((one) => one.kind).join(', ')}.` });
}
