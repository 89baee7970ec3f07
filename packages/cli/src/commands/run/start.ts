import { InvalidArgumentError } from '@commander-js/extra-typings';
import { showFlow, startRun } from '@tidewheel/client/routes';
import type { RunSummary } from '@tidewheel/contract/run';
import { command, contextOf, gather } from '../../command.ts';
import type { Context } from '../../context.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { testDataFrom } from '../../test-data.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runStart() {
  return command('start', {
    summary: 'Start a run of a flow',
    description:
      'With --watch or --wait it ends with the run: exit code 0 when it succeeded, 1 when it failed or was cancelled. Ctrl+C stops watching, not the run.',
    examples: [
      ['tidewheel run start flight-delays --watch', 'start it and look on'],
      ['tidewheel run start mifir-daily -p businessDate=2026-01-02 --wait', 'with a parameter, silently to the end'],
      ['tidewheel run start mifir-daily --dry-run --wait', 'change nothing outside, and say what would be'],
      ['tidewheel run start flight-delays --test-data flights=flights.csv --watch', 'a dry run on your own rows instead of those of a step'],
      ['tidewheel run start flight-delays --key "$CI_JOB_ID" --json', 'only once for this key, however often it is called'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('-p, --param <name=value>', 'a parameter of the flow; may be given several times', gather)
    .option('--key <text>', 'idempotency key: a second start with the same key answers with the first run')
    .option('--dry-run', 'change nothing outside: no delivery, no file in a folder')
    .option('--test-data <step=file>', 'a CSV or JSON file, or @slug of an uploaded one, in place of what a step gives; may be given several times', gather)
    .option('--real', 'with --test-data: deliver all the same')
    .option('--priority <n>', 'from -100 to 100; higher goes first', wholeNumber)
    .option('--deadline <when>', 'cancel it then: an instant, or a duration such as 30m')
    .option('--watch', 'show its steps until it has ended')
    .option('--wait', 'show nothing until it has ended')
    .option('--logs', 'with --watch and no terminal: its log lines too')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const run = await start(context, { slug, ...options });
      if (options.watch || options.wait) {
        context.print.note(`Run ${run.number} of ${run.flow} started.`);
        return watchRun(context, run.id, { isQuiet: !options.watch, withLogs: options.logs === true });
      }
      context.print.result(run, () =>
        context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).\nWatch it with: tidewheel run watch ${run.number}`),
      );
    });
}

interface Options {
  slug: string;
  param?: string[] | undefined;
  key?: string | undefined;
  dryRun?: true | undefined;
  real?: true | undefined;
  testData?: string[] | undefined;
  priority?: number | undefined;
  deadline?: string | undefined;
}

async function start(context: Context, { slug, param = [], key, dryRun, real, testData = [], priority, deadline }: Options): Promise<RunSummary> {
  const client = await context.client();
  const params = { slug };
  // The schema is only needed to know the type of what was given.
  const schema = param.length > 0 ? (await client.call(showFlow, { params })).parametersSchema : {};
  const mode = dryRun ? 'dry' : real ? 'normal' : undefined;
  const data = testData.length > 0 ? await testDataFrom(testData) : undefined;
  return client.call(startRun, { params, body: { parameters: valuesFrom(param, schema), idempotencyKey: key, mode, testData: data, priority, deadline } });
}

function wholeNumber(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no whole number.');
}
