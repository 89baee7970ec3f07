import { showDraft, testDraft } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { watchRun } from '../../watch/watch-run.ts';
import { failWithFaults } from './source-file.ts';

export function flowTest() {
  return command('test', {
    summary: 'Start a run of the draft of a flow',
    description: 'The run is marked as a test. Its steps read and write for real, wherever the draft says.',
    examples: [['tidewheel flow test flight-delays -p top=5 --watch', 'with a parameter, looking on']],
  })
    .argument('<flow>', 'name of the flow')
    .option('-p, --param <name=value>', 'a parameter of the draft; may be given several times', gather)
    .option('--revision <n>', 'only this revision of the draft', positiveCount)
    .option('--watch', 'show its steps until it has ended')
    .option('--wait', 'show nothing until it has ended')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const draft = await client.call(showDraft, { params });
      const parameters = valuesFrom(options.param ?? [], draft.parametersSchema ?? {});
      const run = await client
        .call(testDraft, { params, body: { revision: options.revision ?? draft.revision, parameters } })
        .catch((thrown: unknown) => failWithFaults(context.print, { name: `draft of ${slug}`, source: draft.source }, thrown));
      const told = `Run ${run.number} tests draft ${run.version} of ${slug}.`;
      if (!options.watch && !options.wait) return context.print.result(run, () => context.print.line(told));
      context.print.note(told);
      return watchRun(context, run.id, { isQuiet: !options.watch, withLogs: false });
    });
}
