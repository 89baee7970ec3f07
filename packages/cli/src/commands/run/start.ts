import { showFlow, startRun } from '@tidewheel/client/routes';
import type { RunSummary } from '@tidewheel/contract/run';
import { command, contextOf, gather } from '../../command.ts';
import type { Context } from '../../context.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runStart() {
  return command('start', {
    summary: 'Start a run of a flow',
    description:
      'With --watch or --wait it ends with the run: exit code 0 when it succeeded, 1 when it failed or was cancelled. Ctrl+C stops watching, not the run.',
    examples: [
      ['tidewheel run start flight-delays --watch', 'start it and look on'],
      ['tidewheel run start mifir-daily -p businessDate=2026-01-02 --wait', 'with a parameter, silently to the end'],
      ['tidewheel run start flight-delays --key "$CI_JOB_ID" --json', 'only once for this key, however often it is called'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('-p, --param <name=value>', 'a parameter of the flow; may be given several times', gather)
    .option('--key <text>', 'idempotency key: a second start with the same key answers with the first run')
    .option('--watch', 'show its steps until it has ended')
    .option('--wait', 'show nothing until it has ended')
    .option('--logs', 'with --watch and no terminal: its log lines too')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const run = await start(context, { slug, pairs: options.param ?? [], key: options.key });
      if (options.watch || options.wait) {
        context.print.note(`Run ${run.number} of ${run.flow} started.`);
        return watchRun(context, run.id, { isQuiet: !options.watch, withLogs: options.logs === true });
      }
      context.print.result(run, () =>
        context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).\nWatch it with: tidewheel run watch ${run.number}`),
      );
    });
}

async function start(context: Context, what: { slug: string; pairs: string[]; key: string | undefined }): Promise<RunSummary> {
  const client = await context.client();
  const params = { slug: what.slug };
  // The schema is only needed to know the type of what was given.
  const schema = what.pairs.length > 0 ? (await client.call(showFlow, { params })).parametersSchema : {};
  return client.call(startRun, {
    params,
    body: { parameters: valuesFrom(what.pairs, schema), ...(what.key === undefined ? {} : { idempotencyKey: what.key }) },
  });
}
