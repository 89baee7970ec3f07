import { restoreFlow, restoreVersion } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';

export function flowRestore() {
  return command('restore', {
    summary: 'Restore an archived flow, or an older version of a flow',
    description: 'With --version the text of that version becomes the newest version.',
    examples: [
      ['tidewheel flow restore flight-delays', 'an archived flow, as it was'],
      ['tidewheel flow restore flight-delays --version 3', 'the text of version 3 is the newest again'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('--version <n>', 'this version of a flow that is not archived', positiveCount)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      if (options.version === undefined) {
        const flow = await client.call(restoreFlow, { params: { slug } });
        return context.print.result(flow, () => context.print.line(`${flow.slug} is restored.`));
      }
      const { flow, outcome } = await client.call(restoreVersion, { params: { slug, version: options.version } });
      context.print.result({ flow: slug, version: flow.version, outcome }, () =>
        context.print.line(
          outcome === 'unchanged'
            ? `${slug} has that text already: version ${flow.version}.`
            : `${slug} version ${flow.version} has the text of version ${options.version}.`,
        ),
      );
    });
}
