import { Option } from '@commander-js/extra-typings';
import type { Client } from '@tidewheel/client/client';
import { previewRerun, rerunRun } from '@tidewheel/client/routes';
import type { RerunPreview } from '@tidewheel/contract/routes/run-operations';
import { command, contextOf, gather } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runRerun() {
  return command('rerun', {
    summary: 'Run the same version again: whole, or from somewhere',
    description:
      'With --from the results before it are taken over: `failed` stands for whatever did not succeed. A step that failed because of some of its items runs only these again. With --preview nothing is started.',
    examples: [
      ['tidewheel run rerun latest --watch', 'the newest run once more, whole'],
      ['tidewheel run rerun 12 --from failed --wait', 'only what failed and what comes after it'],
      ['tidewheel run rerun 12 --from clean -p day=2026-01-02 --preview', 'what would run again from a step with another parameter'],
    ],
  })
    .argument('<run>', runArgument)
    .option('--from <step>', '"failed", or the step to begin with')
    .option('-p, --param <name=value>', 'another value for a parameter; may be given several times', gather)
    .addOption(new Option('--mode <mode>', 'as before when left out; dry changes nothing outside').choices(['normal', 'dry'] as const))
    .option('--key <text>', 'idempotency key: a second time with the same key answers with the run that the first one started')
    .option('--preview', 'say what would run again, and start nothing')
    .option('--watch', 'show its steps until it has ended')
    .option('--wait', 'show nothing until it has ended')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { id: await resolveRun(client, reference) };
      const body = { from: options.from, parameters: await parametersOf(client, { params, pairs: options.param ?? [] }), mode: options.mode };
      if (options.preview) {
        const preview = await client.call(previewRerun, { params, body });
        return context.print.result(preview, () => printPreview(context.print, preview));
      }
      const run = await client.call(rerunRun, { params, body: { ...body, idempotencyKey: options.key } });
      if (options.watch || options.wait) return watchRun(context, run.id, { isQuiet: !options.watch });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).`));
    });
}

/** The schema is only needed to know the type of what was given. */
async function parametersOf(client: Client, { params, pairs }: { params: { id: string }; pairs: string[] }): Promise<Record<string, unknown>> {
  if (pairs.length === 0) return {};
  return valuesFrom(pairs, (await client.call(previewRerun, { params, body: {} })).parametersSchema);
}

function printPreview(print: Printer, { again, taken, itemsTaken, effects, frozen }: RerunPreview): void {
  print.line(again.length === 0 ? 'No step runs again.' : 'These steps run again:');
  for (const { step, why } of again) {
    const marks = [
      ...(effects.includes(step) ? ['changes something outside'] : []),
      ...(itemsTaken.includes(step) ? ['takes over what succeeded below it'] : []),
    ];
    print.line(`  ${step}: ${why}${marks.length > 0 ? ` (${marks.join('; ')})` : ''}`);
  }
  if (taken.length > 0) print.line(`Taken over: ${taken.map(({ step }) => step).join(', ')}`);
  if (frozen) print.line(`It keeps the day of the run before it: ${frozen.today}`);
}
