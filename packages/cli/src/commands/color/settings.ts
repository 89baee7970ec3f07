import { showColorDeskFlow, updateColorDeskFlow } from '@tidewheel/client/routes';
import type { ColorDeskFlow } from '@tidewheel/contract/color-session';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, group } from '../../command.ts';

export function colorSettings() {
  return group('settings', { summary: 'See and choose which flow processes sessions' }).addCommand(show()).addCommand(set());
}

function textOf({ flow, flows }: ColorDeskFlow): string {
  const could = flows.map(({ slug }) => slug).join(', ') || 'none';
  return `Sessions are processed by ${flow ?? (flows.length === 1 ? `${flows[0]?.slug}, the only flow that can` : 'the flow that is named')}. Flows that can: ${could}.`;
}

function show() {
  return command('show', { summary: 'Show which flow processes sessions', examples: [['tidewheel color settings show', 'and which could']] }).action(
    async (options) => {
      const context = contextOf(options);
      const found = await (await context.client()).call(showColorDeskFlow, {});
      context.print.result(found, () => context.print.line(textOf(found)));
    },
  );
}

function set() {
  return command('set', {
    summary: 'Choose which flow processes sessions',
    examples: [
      ['tidewheel color settings set --flow morning', 'unless another one is named'],
      ['tidewheel color settings set --no-flow', 'none: the only one of kind color, or the one that is named'],
    ],
  })
    .option('--flow <slug>', 'a published flow that takes, ranks and keeps colors')
    .option('--no-flow', 'none')
    .action(async ({ flow, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      if (flow === undefined) throw new InvalidInput('input.flow', 'It is not said which flow.', { hint: 'Give --flow or --no-flow.' });
      const { revision } = await client.call(showColorDeskFlow, {});
      const changed = await client.call(updateColorDeskFlow, { body: { flow: flow === false ? null : flow, revision } });
      context.print.result(changed, () => context.print.line(textOf(changed)));
    });
}
