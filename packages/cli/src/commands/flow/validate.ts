import { validateFlow } from '@tidewheel/client/routes';
import { countSteps } from '@tidewheel/contract/flow-steps';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { paint } from '../../output/terminal.ts';
import { failWithFaults, printFaults, readSource } from './source-file.ts';

export function flowValidate() {
  return command('validate', {
    summary: 'Check a flow document without saving it',
    description: 'Every fault is named at once with its line and path. Exits with 2 when there is one; warnings alone exit with 0.',
    examples: [
      ['tidewheel flow validate flow.yaml', 'check a file'],
      ['generate-flow | tidewheel flow validate -', 'check what comes on stdin'],
    ],
  })
    .argument('<file>', 'YAML file, or - for stdin')
    .action(async (fileName, options) => {
      const context = contextOf(options);
      const file = await readSource(fileName);
      const client = await context.client();
      const answer = await client.call(validateFlow, { body: { source: file.source } }).catch((thrown: unknown) => failWithFaults(context.print, file, thrown));
      context.print.result({ valid: answer.valid, faults: answer.faults }, () => {
        printFaults(context.print, file, answer.faults);
        if (answer.valid)
          context.print.line(
            `${paint('green', '✓')} ${file.name} is a valid flow${answer.document ? `: ${answer.document.flow}, ${countSteps(answer.document)} steps` : ''}.`,
          );
      });
      if (!answer.valid) throw new CommandFailed(exitCodes.invalid);
    });
}
