import { testTrigger } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { plain } from '../../output/text.ts';

export function triggerTest() {
  return command('test', {
    summary: 'Say what a trigger would fire for now, without firing',
    description: 'A webhook shows a call to try. Exits with 0 when it can look, else with 1.',
    examples: [['tidewheel trigger test new-trades', 'the files that would fire, and those that wait']],
  })
    .argument('<trigger>', 'name of the trigger')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const result = await (await context.client()).call(testTrigger, { params: { slug } });
      context.print.result(result, () => {
        context.print.line(plain(result.summary));
        for (const { title, detail } of result.lines) context.print.line(`  ${plain(title)}${detail === '' ? '' : `: ${plain(detail)}`}`);
        if (result.sample) context.print.line(`\n${result.sample.curl}`);
      });
      if (!result.ok) throw new CommandFailed(exitCodes.failed);
    });
}
