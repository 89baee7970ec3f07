import { testTarget } from '@tidewheel/client/routes';
import { testManyTargets } from '@tidewheel/client/target-tests';
import type { TargetChoice } from '@tidewheel/contract/target';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { positiveCount } from '../../listing.ts';
import { paint } from '../../output/terminal.ts';
import { duration, plain } from '../../output/text.ts';
import { tellTest } from '../connection/test-result.ts';
import { choiceFrom, withHostFilters } from './filter.ts';

export function targetTest() {
  return withHostFilters(
    command('test', {
      summary: 'Really sign in on hosts and say which part works',
      description: 'One host is told check by check, many with one line each as they are done. Exits with 0 when all of them work, else with 1.',
      examples: [
        ['tidewheel target test web01', 'name, port, host key, sign-in, shell'],
        ['tidewheel target test --tag web --at-once 20', 'all with a tag, 20 at a time'],
      ],
    }),
  )
    .alias('doctor')
    .argument('[hosts...]', 'names or ids of hosts')
    .option('--all', 'all hosts')
    .option('--at-once <n>', 'so many at a time', positiveCount, 10)
    .action(async (hosts, options) => {
      const context = contextOf(options);
      const [only] = hosts;
      if (only !== undefined && hosts.length === 1) {
        const result = await (await context.client()).call(testTarget, { params: { target: only } }, { signal: context.interrupted });
        return tellTest(context, only, result);
      }
      await testMany(context, { choice: choiceFrom(hosts, options), atOnce: options.atOnce });
    });
}

async function testMany(context: Context, body: { choice: TargetChoice; atOnce: number }): Promise<void> {
  const { print } = context;
  const done = await testManyTargets(await context.client(), body, {
    onBegin: (targets) => print.note(`${targets} hosts.`),
    onTested: ({ name, result }) => {
      if (print.isJson) return print.jsonLine({ name, result });
      const failed = result.checks.find((check) => !check.ok);
      const mark = result.ok ? paint('green', '✓') : paint('red', '✗');
      print.line(`${mark} ${name} (${duration(result.ms)})${failed ? `: ${plain(failed.name)}: ${plain(failed.detail)}` : ''}`);
    },
    signal: context.interrupted,
  });
  if (done) print.note(`${done.ok} of ${done.targets} work.`);
  if (done?.ok !== done?.targets || !done) throw new CommandFailed(exitCodes.failed);
}
